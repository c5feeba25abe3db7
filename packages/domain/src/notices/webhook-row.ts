import type { webhooks } from "@mintmark/db/schema";
import type { Touched } from "../change/change-feed.ts";
import type { Keyring } from "../tenancy/keyring.ts";

/** Where a workspace's notices go. */
export interface Webhook {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  /** Host and port of its address; the rest of it may be a secret. */
  readonly host: string;
  /** Null where only the host may be seen. */
  readonly address: string | null;
  readonly isActive: boolean;
  readonly createdAt: Date;
  /** Until then the secret before this one signs too. */
  readonly formerSecretEndsAt: Date | null;
}

export type WebhookRow = typeof webhooks.$inferSelect;

export const hostOf = (address: string): string => new URL(address).host;

export const webhookOf = (
  { id, workspaceId, name, address, isActive, createdAt, formerSecretEndsAt }: WebhookRow,
  showsAddress: boolean,
): Webhook => ({
  id,
  workspaceId,
  name,
  host: hostOf(address),
  address: showsAddress ? address : null,
  isActive,
  createdAt,
  formerSecretEndsAt,
});

/** Where a sealed secret belongs. */
export const webhookSecretPlace = (tenantId: string, id: string): string => `webhook|${tenantId}|${id}`;

/** What signs at that time: the secret, and the one before it as long as that counts. @throws WrongMasterKey */
export function secretsOf(keyring: Keyring, row: WebhookRow, now: Date): readonly string[] {
  const { tenantId, id, wrappedSecret, formerWrappedSecret, formerSecretEndsAt } = row;
  const sealed = [wrappedSecret];
  if (formerWrappedSecret && formerSecretEndsAt && formerSecretEndsAt > now) sealed.push(formerWrappedSecret);
  return sealed.map((one) => keyring.open(one, webhookSecretPlace(tenantId, id)).toString("utf8"));
}

/** History keeps the host alone. */
export const touchedWebhook = (row: WebhookRow): Touched => {
  const { id, workspaceId, name, address, isActive, createdAt, formerSecretEndsAt } = row;
  const body = { id, workspaceId, name, host: hostOf(address), isActive, createdAt, formerSecretEndsAt };
  return { kind: "webhook", id, workspaceId, body };
};
