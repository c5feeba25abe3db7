import { lifeOf } from "../../life.ts";
import { mayNot } from "../../may-not.ts";
import type { Status } from "../../ui/badge.tsx";
import { movedPercent, type Rotation, running } from "./rotation.ts";
import { words } from "./text.ts";

/** What is known of a credential, as far as its state goes. Instants as the server writes them. */
export interface CredentialDates {
  readonly notBefore: string;
  readonly expiresAt?: string | null | undefined;
  readonly revokedAt?: string | null | undefined;
  readonly lastUsedAt?: string | null | undefined;
  readonly createdAt?: string;
  /** Another one replaces it. */
  readonly isRetiring?: boolean;
}

export interface State {
  readonly status: Status;
  readonly word: string;
  /** It can authenticate now, or will without anybody doing anything. */
  readonly works: boolean;
}

/** An instant of the server in milliseconds; null where there is none. */
export const at = (instant: string | null | undefined): number | null => (instant ? Date.parse(instant) : null);

/** How a credential stands: ended, ending, never used, in use. `now` in milliseconds. */
export function credentialState(credential: CredentialDates, now: number): State {
  const { status } = words;
  if (credential.revokedAt) return { status: "off", word: status.revoked, works: false };
  const begins = Date.parse(credential.notBefore);
  const life = lifeOf(at(credential.createdAt) ?? begins, at(credential.expiresAt), now);
  if (life?.tone === "over") return { status: "broken", word: status.expired, works: false };
  if (credential.isRetiring) return { status: "transition", word: status.retiring, works: true };
  // `now` may be a minute old: what has just been made has begun.
  if (begins > now + 60_000) return { status: "transition", word: status.planned, works: true };
  if (life?.tone === "soon") return { status: "attention", word: status.expiring, works: true };
  if (!credential.lastUsedAt) return { status: "never", word: status.never, works: true };
  return { status: "active", word: status.active, works: true };
}

/** How a client stands, from its own status and its credentials; `null` where those may not be seen. */
export function clientState(
  client: {
    readonly status: string;
    readonly approval?: string;
    readonly credentials?: { readonly nodes: readonly CredentialDates[] } | null | undefined;
    readonly secretRotations?: readonly Rotation[] | null | undefined;
  },
  now: number,
): State {
  const { status } = words;
  if (client.status === "DISABLED") return { status: "off", word: status.disabled, works: false };
  if (client.approval === "REFUSED") return { status: "broken", word: status.refused, works: false };
  if (client.approval === "WAITING") return { status: "attention", word: status.waiting, works: false };
  if (!client.credentials) return { status: "active", word: status.active, works: true };
  const { nodes } = client.credentials;
  const states = nodes.map((credential) => credentialState(credential, now));
  const working = states.filter((state) => state.works);
  if (working.length === 0) {
    return states.some((state) => state.status === "broken")
      ? { status: "broken", word: status.expired, works: false }
      : { status: "attention", word: status.noSecret, works: false };
  }
  const [rotation] = running(client.secretRotations);
  if (rotation) return { status: "transition", word: status.rotating(movedPercent(rotation)), works: true };
  if (working.every((state) => state.status === "attention"))
    return { status: "attention", word: status.expiring, works: true };
  if (nodes.every((one) => !one.lastUsedAt)) return { status: "never", word: status.never, works: true };
  return { status: "active", word: status.active, works: true };
}

/** When and from where the client last used any of its credentials, to the minute. */
export function lastUse(
  credentials:
    | readonly {
        readonly lastUsedAt?: string | null | undefined;
        readonly lastUsedAddress?: string | null | undefined;
      }[]
    | null
    | undefined,
): { readonly at: number; readonly address: string | null } | null {
  const used = (credentials ?? []).flatMap((credential) =>
    credential.lastUsedAt
      ? [{ at: Date.parse(credential.lastUsedAt), address: credential.lastUsedAddress ?? null }]
      : [],
  );
  return used.reduce<(typeof used)[number] | null>((last, one) => (last && last.at >= one.at ? last : one), null);
}

/** The secret that is meant where somebody rotates without saying which: the only one that works, unless that is under way. */
export function soleSecret<One extends CredentialDates & { readonly __typename: string }>(
  credentials: readonly One[],
  now: number,
): One | undefined {
  const secrets = credentials.filter((one) => one.__typename === "ClientSecret" && credentialState(one, now).works);
  const [first] = secrets;
  return secrets.length === 1 && !first?.isRetiring ? first : undefined;
}

/** How many of those are secrets that work. */
export const workingSecrets = (
  credentials: readonly (CredentialDates & { readonly __typename: string })[],
  now: number,
): number => credentials.filter((one) => one.__typename === "ClientSecret" && credentialState(one, now).works).length;

/** Why no further secret can be made for a client: it is a member's own, waits, has as many as may be, or the person may not. */
export function noMoreSecrets(
  client: {
    readonly approval?: string;
    readonly owner?: object | null | undefined;
    readonly credentials?:
      | { readonly nodes: readonly (CredentialDates & { readonly __typename: string })[] }
      | null
      | undefined;
    readonly settings?: { readonly clientSecretLimit: { readonly value?: number | null } } | null | undefined;
  },
  permissions: readonly string[],
  now: number,
): string | undefined {
  const limit = client.settings?.clientSecretLimit.value;
  const working = workingSecrets(client.credentials?.nodes ?? [], now);
  if (client.owner) return words.secrets.owned;
  if (client.approval !== undefined && client.approval !== "APPROVED") return words.approval.first;
  const full = limit != null && working >= limit ? words.secrets.full(limit) : undefined;
  return mayNot(permissions, "client-secret:write") ?? full;
}
