/** As much of it as the tests use: it comes without types of its own. */
declare module "oidc-provider" {
  import type { RequestListener } from "node:http";

  interface Context {
    readonly oidc?: { readonly route?: string };
    body: Record<string, unknown>;
  }

  export class Provider {
    constructor(issuer: string, configuration: object);
    callback(): RequestListener;
    use(middleware: (ctx: Context, next: () => Promise<void>) => Promise<void>): void;
  }
}
