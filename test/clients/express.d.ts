/** The part of the framework that is tried here; it brings no types of its own. */
declare module "express" {
  import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";

  export type Request = IncomingMessage;
  export type Handler = (request: Request, response: ServerResponse, next: (error?: unknown) => void) => void;
  type App = RequestListener & {
    use(handler: Handler): void;
    get(path: string, handler: Handler): void;
  };
  const express: () => App;
  export default express;
}
