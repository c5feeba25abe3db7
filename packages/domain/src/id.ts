import { randomBytes } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** The kinds of things that carry an id, by prefix. */
export const idPrefixes = {
  tenant: "ten",
  workspace: "wsp",
  resource: "res",
  scope: "scp",
  role: "rol",
  assignment: "asg",
  client: "cli",
  clientSecret: "sec",
  clientKey: "key",
  clientCertificate: "crt",
  clientAuthority: "cau",
  federatedCredential: "fed",
  apiToken: "tok",
  personalToken: "ptk",
  clientGrant: "grt",
  initialAccessToken: "iat",
  member: "mem",
  invitation: "inv",
  ssoProvider: "sso",
  user: "usr",
  auditEvent: "evt",
  logExport: "exp",
  import: "imp",
  webhook: "whk",
  notice: "ntc",
} as const;

export type Noun = keyof typeof idPrefixes;

/** An id that wears its kind, e.g. `cli_0K3v9aQxT2mZ7b`. */
export type Id<N extends Noun = Noun> = `${(typeof idPrefixes)[N]}_${string}`;

/** Names one request in answers, logs and the console's explanation. */
export type CorrelationId = `req_${string}`;

/** Random bytes drawn ahead: one call for many ids, because a call costs more than its bytes. Each is used once. */
let pool = Buffer.alloc(0);
let used = 0;

function nextByte(): number {
  if (used === pool.length) {
    pool = randomBytes(4096);
    used = 0;
  }
  const byte = pool[used] ?? 0;
  pool[used++] = 0;
  return byte;
}

/** `length` characters of base62, uniform: 5.95 bits each. */
export function randomBase62(length: number): string {
  let text = "";
  while (text.length < length) {
    const byte = nextByte();
    if (byte < 248) text += ALPHABET[byte % 62];
  }
  return text;
}

/** A non-negative integer in base62, padded to `width`. */
export function base62(value: number, width: number): string {
  let text = "";
  for (let rest = value; text.length < width; rest = Math.floor(rest / 62)) text = ALPHABET[rest % 62] + text;
  return text;
}

/**
 * A new id of that kind. Tenants and workspaces have 8 random characters, because static tokens carry them;
 * everything else has 7 characters of time in milliseconds and 7 random ones, so that ids sort by age.
 */
export function newId<N extends Noun>(noun: N): Id<N> {
  const body = noun === "tenant" || noun === "workspace" ? randomBase62(8) : base62(Date.now(), 7) + randomBase62(7);
  return `${idPrefixes[noun]}_${body}` as Id<N>;
}

export const newCorrelationId = (): CorrelationId => `req_${randomBase62(22)}`;

/** The kind that an id's prefix names, or `undefined` where it is no id of ours. */
export function nounOf(id: string): Noun | undefined {
  const prefix = /^([a-z]{3})_[0-9A-Za-z]{8,14}$/.exec(id)?.[1];
  return (Object.keys(idPrefixes) as Noun[]).find((noun) => idPrefixes[noun] === prefix);
}
