import type { Confirmation } from "./confirmation.ts";
import type { Failure } from "./failure.ts";
import type { ClientAuthenticationMethod, SigningAlgorithm } from "./store.ts";

/** One step of the token path, in the order taken. Never holds a secret. */
export type Step =
  | { readonly step: "request_read"; readonly grantType: string }
  | { readonly step: "client_presented"; readonly clientId: string; readonly method: ClientAuthenticationMethod }
  | { readonly step: "client_found"; readonly client: string }
  | { readonly step: "secret_accepted"; readonly secretId: string }
  | { readonly step: "key_accepted"; readonly keyId: string }
  | { readonly step: "foreign_token_accepted"; readonly credentialId: string; readonly issuer: string }
  | { readonly step: "certificate_accepted"; readonly credentialId: string; readonly thumbprint: string }
  | { readonly step: "method_accepted"; readonly method: ClientAuthenticationMethod }
  | { readonly step: "client_authenticated"; readonly client: string }
  | { readonly step: "token_bound"; readonly cnf: Confirmation }
  | { readonly step: "cut_off_awaited"; readonly until: Date }
  | { readonly step: "subject_accepted"; readonly subject: string }
  | { readonly step: "resource_chosen"; readonly resource: string; readonly requested: boolean }
  | { readonly step: "scope_chosen"; readonly scope: readonly string[]; readonly requested: boolean }
  | { readonly step: "key_chosen"; readonly kid: string; readonly alg: SigningAlgorithm }
  | { readonly step: "granted"; readonly lifetime: number }
  | { readonly step: "refused"; readonly failure: Failure };

/** Listens to the token path. */
export interface Recorder {
  step(step: Step): void;
}

/** Listens to nothing. */
export const silent: Recorder = { step() {} };

/** Keeps every step; explain reads them back. */
export class CollectingRecorder implements Recorder {
  readonly steps: Step[] = [];
  step(step: Step): void {
    this.steps.push(step);
  }
}
