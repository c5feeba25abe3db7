import { z } from "zod";

/** Base64url as WebAuthn's JSON forms have it; the longest here is an attestation. */
const bytes = z.string().regex(/^[\w-]{1,20000}$/);
const credential = {
  id: bytes,
  rawId: bytes,
  type: z.literal("public-key"),
  clientExtensionResults: z.looseObject({}),
};

/** What a browser gives back of a passkey (WebAuthn §5.1, `toJSON()`): the library takes its shape on trust. */
const assertion = z.looseObject({
  ...credential,
  response: z.looseObject({ clientDataJSON: bytes, authenticatorData: bytes, signature: bytes }),
});
const registration = z.looseObject({
  ...credential,
  response: z.looseObject({
    clientDataJSON: bytes,
    attestationObject: bytes,
    transports: z.array(z.string().max(32)).max(10).optional(),
  }),
});

/** Whether the library may be given this as the answer of a passkey, or of making one; the id is the device's name of it. */
export const isCredential = (kind: "assertion" | "registration", value: unknown): value is { readonly id: string } =>
  (kind === "assertion" ? assertion : registration).safeParse(value).success;
