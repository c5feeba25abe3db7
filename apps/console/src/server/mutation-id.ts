/** A key that makes repeating a mutation safe: 128 random bits. Not `randomUUID`: browsers keep that to secure origins. */
export const mutationId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
