import { timingSafeEqual } from "node:crypto";
import { crc32 } from "node:zlib";
import { base62, randomBase62 } from "../id.ts";

const RANDOM = 43;
const CHECKSUM = 6;

/** A client secret's value: `mms_`, 43 random base62 characters (256 bit), 6 of CRC-32. Scanners can find and check it. */
export type ClientSecretValue = `mms_${string}`;

const checksumOf = (text: string): string => base62(crc32(text), CHECKSUM);

/** A value with the checksum at its end, by which scanners tell it from chance. */
export const withChecksum = <T extends string>(body: T): `${T}${string}` => `${body}${checksumOf(body)}`;

/** Whether the last characters are the checksum of those before. */
export const hasChecksum = (text: string): boolean =>
  timingSafeEqual(Buffer.from(text.slice(-CHECKSUM)), Buffer.from(checksumOf(text.slice(0, -CHECKSUM))));

/** A new value, and what its owner will recognise it by: the last four characters of the random part. */
export function newClientSecretValue(): { readonly value: ClientSecretValue; readonly hint: string } {
  const random = randomBase62(RANDOM);
  const body = `mms_${random}` as const;
  return { value: withChecksum(body), hint: random.slice(-4) };
}

/** Whether the text has a client secret's form and checksum: a typing error, or somebody else's string, is told apart. */
export function isClientSecretValue(text: string): text is ClientSecretValue {
  return /^mms_[0-9A-Za-z]{49}$/.test(text) && hasChecksum(text);
}
