import { elementAt, elementsOf } from "./der.ts";

/** What a certificate lets its key sign, where Node does not say it (RFC 5280 §4.2.1.9, §4.2.1.10). */
export interface AuthorityLimits {
  /** Certificates in between that may stand below it; infinite where it says nothing. */
  readonly pathLength: number;
  /** It binds what it signs to something that cannot be checked here: names, policies, or what nobody here knows. */
  readonly isBound: boolean;
}

const [BOOLEAN, INTEGER, OCTETS, OID, SEQUENCE, EXTENSIONS] = [0x01, 0x02, 0x04, 0x06, 0x30, 0xa3];

const BASIC_CONSTRAINTS = "551d13";
const NAME_CONSTRAINTS = "551d1e";
/** Besides basic constraints what Node itself reads: key usage, extended key usage, the subject's other names. */
const readElsewhere: ReadonlySet<string> = new Set(["551d0f", "551d25", "551d11"]);

/** Reads the limits of a certificate in DER; what cannot be read binds. */
export function readAuthorityLimits(der: Uint8Array): AuthorityLimits {
  const extensions = extensionsOf(der);
  if (!extensions) return { pathLength: 0, isBound: true };
  let pathLength = Number.POSITIVE_INFINITY;
  let isBound = false;
  for (const { oid, isCritical, value } of extensions) {
    if (oid === BASIC_CONSTRAINTS) pathLength = pathLengthOf(value);
    else if (oid === NAME_CONSTRAINTS || (isCritical && !readElsewhere.has(oid))) isBound = true;
  }
  return { pathLength, isBound };
}

interface Extension {
  readonly oid: string;
  readonly isCritical: boolean;
  readonly value: Uint8Array;
}

function extensionsOf(der: Uint8Array): readonly Extension[] | undefined {
  const certificate = elementAt(der, 0);
  const signed = certificate && elementAt(certificate.value, 0);
  const parts = signed && elementsOf(signed.value);
  const wrapped = parts?.find(({ tag }) => tag === EXTENSIONS);
  if (!parts) return undefined;
  if (!wrapped) return [];
  const list = elementAt(wrapped.value, 0);
  const each = list?.tag === SEQUENCE ? elementsOf(list.value)?.map(({ value }) => extensionOf(value)) : undefined;
  return each?.every((extension) => extension !== undefined) ? each : undefined;
}

function extensionOf(value: Uint8Array): Extension | undefined {
  const [oid, second, third] = elementsOf(value) ?? [];
  const content = second?.tag === BOOLEAN ? third : second;
  if (oid?.tag !== OID || content?.tag !== OCTETS) return undefined;
  const isCritical = second?.tag === BOOLEAN && second.value[0] !== 0;
  return { oid: Buffer.from(oid.value).toString("hex"), isCritical, value: content.value };
}

function pathLengthOf(value: Uint8Array): number {
  const constraints = elementAt(value, 0);
  const members = constraints && elementsOf(constraints.value);
  if (!members) return 0;
  const length = members.find(({ tag }) => tag === INTEGER);
  if (!length) return Number.POSITIVE_INFINITY;
  // Nobody has a chain of more than 127.
  return length.value.length === 1 ? (length.value[0] ?? 0) : 0;
}
