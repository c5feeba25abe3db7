import { instantInZone } from "../../format.ts";

/** A piece of a sentence: words, or the name of a thing, which may lead to its page. */
export type Segment = string | { readonly name: string; readonly kind?: "client" | "api"; readonly id?: string };

/** As much of an audit entry as its sentence is made of. */
export interface Told {
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly clientName?: string | null | undefined;
  readonly resourceName?: string | null | undefined;
}

const word = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");
const words = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(word) : []);

const client = ({ body, clientName }: Told): Segment => {
  const id = word(body["clientId"]);
  // A thing that is gone has no page any more.
  return clientName ? { name: clientName, kind: "client", id } : { name: word(body["name"]) || id };
};
const api = ({ body, resourceName }: Told): Segment => {
  const id = word(body["resourceId"]);
  return resourceName ? { name: resourceName, kind: "api", id } : { name: word(body["identifier"]) || id };
};
const named = (name: string): Segment => ({ name });

function scopes({ body }: Told): Segment[] {
  const all = words(body["scopes"]);
  if (all.length === 0) return ["no scopes"];
  if (all.length > 3) return [`${all.length} scopes`];
  return [named(all.join(" "))];
}

const until = ({ body }: Told): Segment[] =>
  body["expiresAt"] ? [`, until ${instantInZone(Date.parse(word(body["expiresAt"])), "utc")}`] : [];

function setting(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
function settings({ body }: Told): string {
  const given = body["settings"];
  return typeof given === "object" && given !== null ? Object.keys(given).map(setting).join(", ") : "settings";
}

const counted = (count: number, noun: string): string => `${count} ${count === 1 ? noun : `${noun}s`}`;
const verb = ({ type }: Told): string => (type.split(".")[1] ?? "").replaceAll("-", " ");
const secret = (entry: Told): Segment[] => ["Secret ", named(`…${word(entry.body["hint"])}`)];
const publicKey = ({ body }: Told): Segment[] => [body["jwksUri"] ? "Address of keys" : "Public key"];
const apiToken = ({ body }: Told): Segment[] => ["API token ", named(word(body["name"]) || `…${word(body["hint"])}`)];
/** A person's own, by the end of its value: the log does not keep what they call it. */
const personalToken = ({ body }: Told): Segment[] => ["Personal token ", named(`…${word(body["hint"])}`)];
const personalClient = (entry: Told): Segment =>
  entry.clientName ? client(entry) : named(`…${word(entry.body["hint"])}`);
const issuer = ({ body }: Told): Segment => named(word(body["issuer"]));
const webhook = ({ body }: Told): Segment[] => ["Webhook ", named(word(body["name"]))];
const workspace = (entry: Told): Segment[] => ["Workspace ", named(word(entry.body["slug"])), ` ${verb(entry)}`];
const tenant = (entry: Told): Segment[] => ["Tenant ", named(word(entry.body["slug"])), ` ${verb(entry)}`];
const many = (entry: Told): Segment[] => [`${counted(words(entry.body["clientIds"]).length, "client")} ${verb(entry)}`];
const aClient = (entry: Told): Segment[] => ["Client ", client(entry), ` ${verb(entry)}`];
const anApi = (entry: Told): Segment[] => ["API ", api(entry), ` ${verb(entry)}`];
const aRole = (entry: Told): Segment[] => ["Role ", named(word(entry.body["name"])), ` ${verb(entry)}`];

function scope(entry: Told): Segment[] {
  const does = { created: " added to ", updated: " of ", deleted: " deleted from " }[verb(entry)] ?? " of ";
  const end = verb(entry) === "updated" ? [" described anew"] : [];
  return ["Scope ", named(word(entry.body["name"])), does, api(entry), ...end];
}

const METHOD: Readonly<Record<string, string>> = {
  password: " with a password",
  passkey: " with a passkey",
  totp: " with a code of the authenticator app",
  "backup-code": " with a backup code",
  sso: " by single sign-on",
};
const method = ({ body }: Told): string => METHOD[word(body["method"])] ?? "";

const SENTENCES: Readonly<Record<string, (entry: Told) => Segment[]>> = {
  "installation.bootstrapped": () => ["Server set up from the command line"],
  "installation.origin-changed": ({ body }) => ["Server's address changed to ", named(word(body["origin"]))],
  "installation.master-key-brought": () => ["New master key: what the former wraps is to be re-wrapped"],
  "installation.rewrapped": () => ["Everything re-wrapped under the new master key"],
  "installation.owned": () => ["Server got its first owner"],
  "installation-settings.changed": (entry) => [`Installation settings changed: ${settings(entry)}`],
  "own-api.extended": ({ body }) => [`Mintmark's own API extended by ${words(body["added"]).length} entries`],
  "tenant.created": tenant,
  "tenant.owner-link-created": ({ body }) => [
    "New link made for the first owner of tenant ",
    named(word(body["slug"])),
  ],
  "tenant.suspended": tenant,
  "tenant.resumed": tenant,
  "tenant.updated": (entry) => ["Tenant ", named(word(entry.body["slug"])), " renamed"],
  "tenant.limits-changed": (entry) => ["Limits of tenant ", named(word(entry.body["slug"])), " changed"],
  "tenant.deleted": tenant,
  "tenant.restored": tenant,
  "tenant.erased": ({ body }) => ["What tenant ", named(word(body["tenantId"])), " held was erased"],
  "tenant-settings.changed": (entry) => [`Tenant settings changed: ${settings(entry)}`],
  "workspace.created": workspace,
  "workspace.updated": (entry) => ["Workspace ", named(word(entry.body["slug"])), " renamed"],
  "workspace.suspended": workspace,
  "workspace.resumed": workspace,
  "workspace.deleted": workspace,
  "workspace.tokens-revoked": () => ["All tokens of the workspace revoked"],
  "token.revoked": (entry) => ["One token of ", client(entry), " revoked"],
  "log.exported": ({ body }) => [
    body["log"] === "tokens" ? "Token log" : "Audit log",
    ` exported as ${word(body["format"]).toUpperCase()}`,
  ],
  "import.created": ({ body }) => [`Import of clients from ${word(body["format"]).toUpperCase()} made`],
  "clients.imported": ({ body }) => [
    `${counted(words(body["clientIds"]).length, "client")} imported, ${counted(Number(body["refused"]), "line")} refused`,
  ],
  "settings.changed": (entry) => [`Workspace settings changed: ${settings(entry)}`],
  "client-settings.changed": (entry) => ["Settings of ", client(entry), ` changed: ${settings(entry)}`],
  "resource.created": anApi,
  "resource.updated": anApi,
  "resource.deleted": anApi,
  "resource-server.added": (entry) => [client(entry), " may introspect tokens for ", api(entry)],
  "resource-server.removed": (entry) => [client(entry), " may no longer introspect tokens for ", api(entry)],
  "scope.created": scope,
  "scope.updated": scope,
  "scope.deleted": scope,
  "role.created": aRole,
  "role.updated": aRole,
  "role.deleted": aRole,
  "assignment.created": ({ body }) => ["Role given to ", named(word(body["subject"]))],
  "assignment.deleted": ({ body }) => ["Role taken from ", named(word(body["subject"]))],
  "client.created": aClient,
  "client.updated": aClient,
  "client.disabled": aClient,
  "client.enabled": aClient,
  "client.deleted": aClient,
  "clients.disabled": many,
  "clients.enabled": many,
  "clients.deleted": many,
  "client.registered": (entry) => ["Client ", client(entry), " registered itself"],
  "client.registration-changed": (entry) => [client(entry), " changed its registration"],
  "client.registration-revoked": (entry) => [client(entry), " may no longer change its registration"],
  "initial-access-token.created": ({ body }) => ["Initial access token ", named(word(body["name"])), " created"],
  "initial-access-token.revoked": ({ body }) => ["Initial access token ", named(word(body["name"])), " revoked"],
  "client.tokens-revoked": (entry) => ["All tokens of ", client(entry), " revoked"],
  "api-token.created": (entry) => [...apiToken(entry), " created for ", client(entry)],
  "api-token.imported": (entry) => [...apiToken(entry), " imported for ", client(entry)],
  "api-token.updated": (entry) => [...apiToken(entry), " of ", client(entry), " changed"],
  "api-token.revoked": (entry) => [...apiToken(entry), " of ", client(entry), " revoked"],
  "workspace.api-tokens-revoked": ({ body }) => [`All API tokens of the workspace revoked: ${word(body["count"])}`],
  "personal-token.created": (entry) => [...personalToken(entry), " created"],
  "personal-token.updated": (entry) => [...personalToken(entry), " changed"],
  "client.approved": aClient,
  "client.refused": (entry) => [...aClient(entry), `: ${word(entry.body["reason"])}`],
  "personal-client.created": (entry) => ["Own client credentials ", personalClient(entry), " generated"],
  "personal-client.renewed": (entry) => ["New secret of own client credentials ", personalClient(entry)],
  "personal-client.revoked": (entry) => ["Own client credentials ", personalClient(entry), " revoked"],
  "personal-token.revoked": (entry) => [...personalToken(entry), " revoked"],
  "client-secret.created": (entry) => [...secret(entry), " created for ", client(entry)],
  "client-secret.imported": (entry) => [...secret(entry), " imported for ", client(entry)],
  "client-secret.revoked": (entry) => [...secret(entry), " of ", client(entry), " revoked"],
  "client-secret.rotated": (entry) => [
    ...secret(entry),
    " of ",
    client(entry),
    " takes over from ",
    named(`…${word(entry.body["formerHint"])}`),
  ],
  "client-secret.rotation-extended": (entry) => [...secret(entry), " of ", client(entry), " goes on for longer"],
  "client-secret.retirement-undone": (entry) => [...secret(entry), " of ", client(entry), " works again"],
  "client-secret.retired": (entry) => [...secret(entry), " of ", client(entry), " retired"],
  "client-secret.rotation-cancelled": (entry) => [
    ...secret(entry),
    " of ",
    client(entry),
    " stays, its successor revoked",
  ],
  "client-certificate.created": (entry) => ["Certificate registered for ", client(entry)],
  "client-certificate.revoked": (entry) => ["Certificate of ", client(entry), " revoked"],
  "client-authority.added": ({ body }) => [
    "Authority for clients' certificates trusted: ",
    named(print(body["fingerprint"])),
  ],
  "client-authority.removed": ({ body }) => [
    "Authority for clients' certificates trusted no more: ",
    named(print(body["fingerprint"])),
  ],
  "certificate-header.refused": () => ["A certificate in a header dropped: it came from no trusted proxy"],
  "client-key.created": (entry) => [...publicKey(entry), " registered for ", client(entry)],
  "client-key.revoked": (entry) => [...publicKey(entry), " of ", client(entry), " revoked"],
  "federated-credential.created": (entry) => [client(entry), " trusts tokens of ", issuer(entry)],
  "federated-credential.revoked": (entry) => [client(entry), " trusts tokens of ", issuer(entry), " no more"],
  "client-grant.changed": (entry) => [
    client(entry),
    " may ask for ",
    ...scopes(entry),
    " at ",
    api(entry),
    ...until(entry),
  ],
  "client-grant.deleted": (entry) => ["Access of ", client(entry), " to ", api(entry), " withdrawn"],
  "member.created": ({ body }) => [body["providerId"] ? "Joined the tenant by single sign-on" : "Joined the tenant"],
  "webhook.created": (entry) => [...webhook(entry), " added: ", named(word(entry.body["host"]))],
  "webhook.updated": (entry) => [...webhook(entry), " changed"],
  "webhook.secret-rotated": (entry) => ["New secret of ", ...webhook(entry)],
  "webhook.tested": (entry) => ["Test notice sent to ", ...webhook(entry)],
  "webhook.deleted": (entry) => [...webhook(entry), " deleted"],
  "sso-provider.created": (entry) => ["Single sign-on ", named(word(entry.body["name"])), " set up: ", issuer(entry)],
  "sso-provider.updated": (entry) => ["Single sign-on ", named(word(entry.body["name"])), " changed"],
  "sso-provider.deleted": (entry) => [
    "Single sign-on ",
    named(word(entry.body["name"])),
    " deleted, and its sessions ended",
  ],
  "sso-sign-in.refused": ({ body }) => ["Single sign-on refused: ", named(word(body["reason"]).replaceAll("_", " "))],
  "member.account-reset": () => [
    "Account given back with a reset link: sessions, second factors and all that is personal ended",
  ],
  "member.removed": ({ body }) => ["Member ", named(word(body["memberId"])), " removed"],
  "member.erased": ({ body }) => ["What named member ", named(word(body["memberId"])), " erased"],
  "invitation.revoked": () => ["Invitation or reset link revoked"],
  "invitation.mailed": () => ["Invitation mailed"],
  "invitation.not-mailed": ({ body }) => ["Invitation not mailed: ", named(word(body["reason"]).replaceAll("_", " "))],
  "invitation.created": ({ body }) => [body["memberId"] ? "Reset link made" : "Invitation made"],
  "member.signed-in": (entry) => [`Signed in${method(entry)}`],
  "member.sign-in-refused": (entry) => [`Sign-in refused${method(entry)}`],
  "member.signed-out": () => ["Signed out"],
  "member.stepped-up": (entry) => [`Identity confirmed${method(entry)}`],
  "member.renamed": () => ["Own name changed"],
  "member.sessions-ended": () => ["Other sessions ended"],
  "member.password-changed": () => ["Password changed"],
  "member.mailbox-confirmed": () => ["Own mail address confirmed"],
  "member.password-link-mailed": () => ["Link for a new password mailed"],
  "member.password-set-by-mail": () => [
    "New password set by a mailed link: sessions, personal tokens and personal clients ended, second factors stayed",
  ],
  "member.totp-enabled": () => ["Authenticator app set up"],
  "member.totp-removed": () => ["Authenticator app removed"],
  "member.backup-codes-renewed": () => ["Backup codes renewed"],
  "member.passkey-added": () => ["Passkey added"],
  "member.passkey-removed": () => ["Passkey removed"],
  "act.refused": ({ body }) => [
    "Refused: ",
    named(word(body["mutation"])),
    `, ${words(body["codes"]).join(", ").replaceAll("_", " ").toLowerCase()}`,
  ],
};

/** A fingerprint as a line has room for it. */
const print = (fingerprint: unknown): string => word(fingerprint).slice(0, 11);

/** Every type that the server may name, for filters; in the order of the sentences above. */
export const EVENT_TYPES: readonly string[] = Object.keys(SENTENCES);

/** `client-secret.created` as words: `Client secret created`. Names the thing as the console does. */
export function typeWords(type: string): string {
  const text = type
    .replace(/^resource-server\./, "introspection right.")
    .replace(/^resource\./, "API.")
    .replace(/^client-grant\./, "access.")
    .replaceAll(/[.-]/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What happened, as a person would say it. */
export const segmentsOf = (entry: Told): readonly Segment[] =>
  SENTENCES[entry.type]?.(entry) ?? [typeWords(entry.type)];

/** The same as plain text. */
export const sentenceOf = (entry: Told): string =>
  segmentsOf(entry)
    .map((segment) => (typeof segment === "string" ? segment : segment.name))
    .join("");

/** Who acted, as words. */
export function actorWords(entry: { readonly actor: string; readonly actorName?: string | null | undefined }): string {
  if (entry.actorName) return entry.actorName;
  if (entry.actor === "cli") return "Command line";
  return entry.actor === "server" ? "Server" : entry.actor;
}
