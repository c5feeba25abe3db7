import type { Recorder, Step } from "./recorder.ts";
import type { Refused } from "./token-log.ts";

/** Remembers who a request said it was, for the log of its refusal, and passes every step on. */
export class Trail implements Recorder {
  readonly #listener: Recorder;
  #client: string | undefined;
  #clientId: string | undefined;

  constructor(listener: Recorder) {
    this.#listener = listener;
  }

  step(step: Step): void {
    if (step.step === "client_presented") this.#clientId = step.clientId;
    if (step.step === "client_found") this.#client = step.client;
    this.#listener.step(step);
  }

  who(): Refused {
    return { client: this.#client, clientId: this.#clientId };
  }
}
