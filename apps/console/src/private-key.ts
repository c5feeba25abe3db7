import { type Failure, wrongHere } from "./server/ask.ts";
import { text } from "./text.ts";

/** RFC 7468, and what older tools write: PKCS #8, encrypted or not, PKCS #1, SEC 1, OpenSSH. Half a paste holds one of its ends. */
const PEM = /\b(?:BEGIN|END) [^\n-]*PRIVATE KEY/i;
/** The private members of RFC 7518 section 6, wherever they stand: in a JWK, in a set of them, in JSON that is cut off. */
const JWK_MEMBER = /"(?:d|p|q|dp|dq|qi|oth|k|priv)"\s*:/;

/** Pure: whether a text that was pasted for a public key or a certificate holds a private or a secret key. */
export const holdsPrivateKey = (pasted: string): boolean => PEM.test(pasted) || JWK_MEMBER.test(pasted);

/** Pure: why a member that takes what is public is not sent at all; nothing where it may be. */
export const unsentKey = (member: string, pasted: string): readonly Failure[] =>
  holdsPrivateKey(pasted) ? [wrongHere(text.error.privateKey, member)] : [];
