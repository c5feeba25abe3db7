import { type Answer, ask } from "../server/ask.ts";
import { text } from "../text.ts";
import { askProved } from "./use-ask.ts";

/** Whether this browser, at this address, can hold passkeys at all. */
export const hasPasskeys = (): boolean => typeof PublicKeyCredential !== "undefined" && isSecureContext;

/** The person closed the browser's own dialog, or nothing fitted. */
const given = (message: string): Answer<never> => ({
  ok: false,
  status: 0,
  failures: [{ code: "PASSKEY", message, fix: text.error.passkeyTodo, path: [] }],
  correlationId: undefined,
  retryAfter: undefined,
});

async function fromBrowser(make: () => Promise<Credential | null>): Promise<PublicKeyCredential | null> {
  try {
    const credential = await make();
    return credential instanceof PublicKeyCredential ? credential : null;
  } catch {
    return null;
  }
}

/** Signs in with a passkey, or proves again who one is. Shows the browser's own dialog. */
export async function passkeySignIn(): Promise<Answer<{ done: true }>> {
  const challenge = await ask<PublicKeyCredentialRequestOptionsJSON>("passkey/challenge", {});
  if (!challenge.ok) return challenge;
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(challenge.body);
  const credential = await fromBrowser(() => navigator.credentials.get({ publicKey }));
  if (!credential) return given(text.error.passkeyNone);
  return ask("passkey/sign-in", { response: credential.toJSON() });
}

/** Makes a passkey in this browser and registers it. */
export async function addPasskey(name: string): Promise<Answer<{ id: string }>> {
  const challenge = await askProved<PublicKeyCredentialCreationOptionsJSON>("passkey/registration", {});
  if (!challenge.ok) return challenge;
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(challenge.body);
  const credential = await fromBrowser(() => navigator.credentials.create({ publicKey }));
  if (!credential) return given(text.error.passkeyNotMade);
  return askProved("passkey/add", { response: credential.toJSON(), ...(name.trim() ? { name: name.trim() } : {}) });
}
