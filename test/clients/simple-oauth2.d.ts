/** The part of the library that is tried here; it brings no types of its own. */
declare module "simple-oauth2" {
  export interface AccessToken {
    readonly token: Readonly<Record<string, unknown>>;
    expired(windowSeconds?: number): boolean;
    revoke(type: "access_token", httpOptions?: object): Promise<unknown>;
  }
  export class ClientCredentials {
    constructor(config: {
      readonly client: { readonly id: string; readonly secret: string };
      readonly auth: { readonly tokenHost: string; readonly tokenPath: string; readonly revokePath: string };
      readonly options?: { readonly authorizationMethod?: "header" | "body" };
    });
    getToken(parameters: object): Promise<AccessToken>;
  }
}
