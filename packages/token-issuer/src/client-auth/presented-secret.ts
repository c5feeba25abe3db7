import type { ClientAuthenticationMethod } from "../store.ts";

/** What a client showed, whatever the way: not yet believed. */
export interface PresentedSecret {
  readonly method: ClientAuthenticationMethod;
  readonly clientId: string;
  readonly secret: string;
}
