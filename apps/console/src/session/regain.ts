import { toSignIn } from "./leave.ts";
import { personRequest } from "./request.ts";

const request = personRequest();

let person: string | null = null;

/** Whose page this is, by their e-mail address: only they may go on with it. */
export const knownPerson = (): string | null => person;
export function rememberPerson(email: string | null | undefined): void {
  person = email || person;
}

/**
 * The session has ended: asks the person to sign in over the page, so that what they typed stays. True once the same one
 * is back. Where nobody is known, or they would rather leave, the sign-in page follows.
 */
export async function regainSession(): Promise<boolean> {
  const isBack = person !== null && (await request.ask());
  if (!isBack) toSignIn();
  return isBack;
}

export const answerSessionEnded = request.answer;
export const useSessionEnded = request.useAsked;

/** The dialog's own requests are refused too: they say so there. */
export const isRegaining = request.isAsked;
