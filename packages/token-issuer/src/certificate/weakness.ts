import type { X509Certificate } from "node:crypto";
import { elementAt, elementsOf } from "./der.ts";

const LEAST_RSA_BITS = 2048;
const LEAST_CURVE_BITS = 256;

/** Whether somebody with much time could find the private key: what it signs proves little. */
export function hasWeakKey({ publicKey }: X509Certificate): boolean {
  const { modulusLength, namedCurve } = publicKey.asymmetricKeyDetails ?? {};
  if (modulusLength !== undefined) return modulusLength < LEAST_RSA_BITS;
  // `prime256v1`, `secp384r1`, `brainpoolP256r1`.
  return namedCurve !== undefined && Number(/\d{3}/.exec(namedCurve)?.[0] ?? 0) < LEAST_CURVE_BITS;
}

/** RSA and ECDSA with SHA-256, SHA-384 and SHA-512, Ed25519 and Ed448 (RFC 4055 §5, RFC 5758 §3.2, RFC 8410 §3). */
const strong: ReadonlySet<string> = new Set([
  ...["2a864886f70d01010b", "2a864886f70d01010c", "2a864886f70d01010d"],
  ...["2a8648ce3d040302", "2a8648ce3d040303", "2a8648ce3d040304"],
  ...["2b6570", "2b6571"],
]);
/** RSASSA-PSS, which names its digest beside it and means SHA-1 where it names none (RFC 4055 §3.1). */
const PSS = "2a864886f70d01010a";
const strongDigests = ["608648016503040201", "608648016503040202", "608648016503040203"];

/** Whether a certificate in DER is signed over a digest for which others can be found, such as SHA-1, or over one unknown. */
export function hasWeakSignature(der: Uint8Array): boolean {
  const [, algorithm] = elementsOf(elementAt(der, 0)?.value ?? der) ?? [];
  const [oid, parameters] = (algorithm && elementsOf(algorithm.value)) ?? [];
  const name = oid ? hex(oid.value) : "";
  if (name !== PSS) return !strong.has(name);
  const [digest] = (parameters && elementsOf(parameters.value)) ?? [];
  // `[0]` holds the digest's algorithm.
  const named = digest?.tag === 0xa0 ? elementAt(digest.value, 0) : undefined;
  const [digestOid] = (named && elementsOf(named.value)) ?? [];
  return !digestOid || !strongDigests.includes(hex(digestOid.value));
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
