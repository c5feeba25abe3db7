import type { SecretDates } from "./state.ts";

/** A public key as the credentials page lists it. */
export interface KeyRow extends SecretDates {
  readonly id: string;
  readonly name: string;
  readonly kid: string;
  readonly publicJwk: unknown;
  readonly createdAt: string;
  readonly lastUsedAddress?: string | null;
}

const SHOWN = 16;

/** A kid as a list has room for it: a thumbprint's start is enough to tell it from the others. */
export const shortKid = ({ kid }: Pick<KeyRow, "kid">): string =>
  kid.length > SHOWN ? `${kid.slice(0, SHOWN)}…` : kid;

/** What the key signs with, in the field's names. */
export function kindOf(jwk: unknown): string {
  const { kty, alg } = (jwk ?? {}) as { kty?: string; alg?: string };
  if (kty === "EC") return "ES256";
  if (kty === "OKP") return "EdDSA";
  return alg ?? "PS256, RS256";
}
