import { BlockList, isIP } from "node:net";
import { resolve } from "node:path";
import { type ZodType, z } from "zod";
import { type AllowedHost, parseAllowedHosts } from "./egress/allowed-hosts.ts";
import { type MailConfig, parseSmtpUrl } from "./mail/smtp-url.ts";
import { masterKeyProblem } from "./master-key.ts";

/** Everything the environment says, parsed once. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** The origin of the console, and of issuers where there is no template, without a slash at its end. */
  readonly origin: string;
  /** What issuers begin with instead, with `{tenant}` in its host. */
  readonly originTemplate: string | undefined;
  /** An origin's host is not loopback: defaults that only suit one machine are refused. */
  readonly isProduction: boolean;
  /** `undefined`: the embedded database in `dataDir`. */
  readonly databaseUrl: string | undefined;
  readonly migrateDatabaseUrl: string | undefined;
  readonly dataDir: string;
  /** `undefined`: the embedded database that comes with Mintmark. */
  readonly pgBin: string | undefined;
  readonly masterKey: string | undefined;
  /** One more master key that opens what it wrapped, while one takes the place of the other. */
  readonly otherMasterKey: string | undefined;
  /** Processes that answer requests. */
  readonly workers: number;
  readonly logLevel: (typeof logLevels)[number];
  /** Proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: BlockList;
  /** Hosts beside the public internet that the server may ask for keys and for who signs in. */
  readonly egressAllow: readonly AllowedHost[];
  /** Hosts beside the public internet that a tenant's webhooks may be sent to. */
  readonly webhookAllow: readonly AllowedHost[];
  /** A file with certificates of authorities that documents are fetched from besides the usual ones. */
  readonly egressCaFile: string | undefined;
  readonly mtls: MtlsConfig;
  /** `undefined`: the server sends no mail. */
  readonly mail: MailConfig | undefined;
}

/** How callers show certificates (RFC 8705). */
export interface MtlsConfig {
  /** Where they do; `undefined`: nowhere. */
  readonly origin: string | undefined;
  /** A listener of the server's own, with its certificate and key in PEM; `undefined`: none. */
  readonly listener: { readonly port: number; readonly certificateFile: string; readonly keyFile: string } | undefined;
  /** What a trusted proxy sends along with a certificate, in `X-Mintmark-Proxy-Secret`; `undefined`: no proxy's is believed. */
  readonly proxySecret: string | undefined;
}

/** The environment cannot be used. One sentence a problem: what, why, what to do. */
export class ConfigFailure extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "ConfigFailure";
    this.problems = problems;
  }
}

const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

interface Setting<T> {
  /** As the README's table shows it. */
  readonly shownDefault: string;
  readonly meaning: string;
  readonly schema: ZodType<T>;
}
const setting = <T>(shownDefault: string, meaning: string, schema: ZodType<T>): Setting<T> => ({
  shownDefault,
  meaning,
  schema,
});

const postgresUrl = (name: string) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol) && new URL(text).username !== "",
      `${name} is no database address, so no database can be opened. Write it like postgres://user:password@host:5432/mintmark.`,
    )
    .optional();

const isPort = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
const noPort = (name: string) =>
  `${name} is no port, so nothing can listen there. Give a number from 1 to 65535, or leave it out.`;

const hostsWithPorts = (name: string) =>
  z
    .string()
    .default("")
    .transform((text, context) => {
      const hosts = parseAllowedHosts(text);
      if (hosts) return hosts;
      context.addIssue({
        code: "custom",
        message: `${name} holds something that is no host with a port, so it is unclear what to open. Write hosts and ports with commas, like 10.0.0.7:6443,issuer.internal:443.`,
      });
      return z.NEVER;
    });

const masterKey = (name: string) =>
  z
    .string()
    .optional()
    .superRefine((text, context) => {
      const problem = text === undefined ? undefined : masterKeyProblem(text, name);
      if (problem) context.addIssue({ code: "custom", message: problem });
    });

/** Every setting, with its default. The README's table is printed from here. */
export const settings = {
  PORT: setting(
    "`8080`",
    "The TCP port that the server listens on.",
    z.string().default("8080").refine(isPort, noPort("PORT")).transform(Number),
  ),
  HOST: setting(
    "`127.0.0.1`",
    "The address that it listens on. `0.0.0.0` or `::` lets other machines in.",
    z
      .string()
      .default("127.0.0.1")
      .refine(
        (text) => isIP(text) > 0 || /^[a-z0-9.-]+$/i.test(text),
        "HOST is no address of this machine, so nothing can listen there. Give an IP address such as 127.0.0.1 or 0.0.0.0.",
      ),
  ),
  PUBLIC_URL: setting(
    "`http://localhost:$PORT`",
    "The origin that callers use. Every issuer begins with it. With a host that is not loopback the server is in " +
      "production: the address must be https and `MINTMARK_MASTER_KEY` must be set.",
    z
      .string()
      .refine(
        isOrigin,
        "PUBLIC_URL is no origin, so no issuer can be made from it. Write scheme and host only, like https://id.example.com.",
      )
      .optional(),
  ),
  ORIGIN_TEMPLATE: setting(
    "none: `PUBLIC_URL`",
    "What issuers begin with, where each tenant has a host of its own: `https://{tenant}.eu.example.com`. Every address " +
      "leads to this server; the console and the GraphQL endpoint stay at `PUBLIC_URL`.",
    z
      .string()
      .refine(
        isOriginTemplate,
        "ORIGIN_TEMPLATE is no origin with {tenant} as a part of its host, so no issuer can be made from it. Write it like https://{tenant}.eu.example.com.",
      )
      .transform((text) => new URL(sampleOf(text)).origin.replace(LONGEST, "{tenant}"))
      .optional(),
  ),
  DATABASE_URL: setting(
    "embedded, in `DATA_DIR`",
    "A PostgreSQL 15 or newer, as a role that owns nothing: `postgres://user:password@host:5432/mintmark`.",
    postgresUrl("DATABASE_URL"),
  ),
  MIGRATE_DATABASE_URL: setting(
    "none",
    "The same database as the role that owns the tables. Only `migrate` uses it.",
    postgresUrl("MIGRATE_DATABASE_URL"),
  ),
  DATA_DIR: setting(
    "`./data`",
    "The folder that holds the embedded database and what the server makes for itself.",
    z
      .string()
      .default("./data")
      .transform((path) => resolve(path)),
  ),
  PG_BIN: setting(
    "the PostgreSQL that comes with Mintmark",
    "A folder with PostgreSQL's programs (15 or newer) to run the embedded database with, like `/usr/lib/postgresql/17/bin`.",
    z.string().optional(),
  ),
  MINTMARK_MASTER_KEY: setting(
    "made once in `DATA_DIR`",
    "At least 32 random bytes in base64 or hexadecimal (`openssl rand -base64 32`). It wraps signing keys and peppers; " +
      "keep it apart from the database.",
    masterKey("MINTMARK_MASTER_KEY"),
  ),
  MINTMARK_MASTER_KEY_OTHER: setting(
    "none",
    "A second master key, which opens what it wrapped and wraps nothing, while one takes the place of the other: see " +
      "[Changing the master key](SECURITY.md#changing-the-master-key).",
    masterKey("MINTMARK_MASTER_KEY_OTHER"),
  ),
  LOG_LEVEL: setting(
    "`info`",
    `How much is logged: ${logLevels.map((level) => `\`${level}\``).join(", ")}.`,
    z
      .enum(logLevels, `LOG_LEVEL is no level, so it is unclear what to log. Choose one of ${logLevels.join(", ")}.`)
      .default("info"),
  ),
  WORKERS: setting(
    "`1`",
    "Processes that answer requests, on one port. More than one pays where the database has processors of its own.",
    z
      .string()
      .default("1")
      .refine(
        (text) => /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 128,
        "WORKERS is no number of processes, so it is unclear how many to start. Give a number from 1 to 128.",
      )
      .transform(Number),
  ),
  TRUSTED_PROXIES: setting(
    "none",
    "Addresses and networks of your reverse proxies, with commas: `10.0.0.7,fd00::/8`. Only they may say who calls, in " +
      "`X-Forwarded-For`.",
    z
      .string()
      .default("")
      .transform((text, context) => {
        const list = networks(text);
        if (list) return list;
        context.addIssue({
          code: "custom",
          message:
            "TRUSTED_PROXIES holds something that is no address, so it is unclear whom to believe. Write addresses and networks with commas, like 10.0.0.7,fd00::/8.",
        });
        return z.NEVER;
      }),
  ),
  EGRESS_ALLOW: setting(
    "none",
    "Hosts with ports, with commas, that the server may fetch keys from and ask who signs in although they are not on the " +
      "public internet: `10.0.0.7:6443,issuer.internal:443`. The database is always one of them. No webhook reaches them.",
    hostsWithPorts("EGRESS_ALLOW"),
  ),
  WEBHOOK_ALLOW: setting(
    "none",
    "The same for the webhooks of workspaces: `chat.internal:443`. Whoever may change a workspace's settings can have " +
      "messages posted there.",
    hostsWithPorts("WEBHOOK_ALLOW"),
  ),
  EGRESS_CA_FILE: setting(
    "none",
    "A file with certificates, in PEM, of authorities that the server trusts besides the usual ones where it fetches keys, asks who signs in, posts to webhooks, or sends mail: " +
      "a cluster's own, for Kubernetes.",
    z
      .string()
      .optional()
      .transform((path) => (path === undefined ? undefined : resolve(path))),
  ),
  MTLS_PORT: setting(
    "none",
    "The TCP port of a TLS listener that asks callers for certificates. Needs `MTLS_CERT_FILE` and `MTLS_KEY_FILE`.",
    z.string().refine(isPort, noPort("MTLS_PORT")).transform(Number).optional(),
  ),
  MTLS_CERT_FILE: setting(
    "none",
    "A file with that listener's own certificate in PEM, and those in between.",
    z.string().optional(),
  ),
  MTLS_KEY_FILE: setting("none", "A file with the key of that certificate in PEM.", z.string().optional()),
  MTLS_URL: setting(
    "`https://$HOST_OF_PUBLIC_URL:$MTLS_PORT`",
    "The origin at which callers show certificates, where a proxy is in front: the metadata names it.",
    z
      .string()
      .refine(
        (text) => isOrigin(text) && text.startsWith("https:"),
        "MTLS_URL is no https origin, so nobody can show a certificate there. Write scheme and host only, like https://mtls.id.example.com.",
      )
      .optional(),
  ),
  MTLS_PROXY_SECRET: setting(
    "none",
    "At least 32 characters that a trusted proxy sends as `X-Mintmark-Proxy-Secret` beside a caller's certificate in " +
      "`Client-Cert`. From anybody else that header is dropped.",
    z
      .string()
      .min(
        32,
        "MTLS_PROXY_SECRET is shorter than 32 characters, so it could be guessed. Set it to the output of `openssl rand -base64 32`.",
      )
      .optional(),
  ),
  SMTP_URL: setting(
    "none",
    "A mail server: `smtp://user:password@smtp.example.com:587`, or `smtps://` where TLS is spoken from the start. Then " +
      "invitations can go by mail; and new passwords and notices, to addresses that a mailed invitation or a mailed code has confirmed. Without TLS nothing is sent, but to this machine. Needs `MAIL_FROM`.",
    z
      .string()
      .transform((text, context) => {
        const server = parseSmtpUrl(text, isLoopbackHost);
        if (server) return server;
        context.addIssue({
          code: "custom",
          message:
            "SMTP_URL is no address of a mail server, so no mail can be sent. Write it like smtp://user:password@smtp.example.com:587, with special characters of the password percent-encoded.",
        });
        return z.NEVER;
      })
      .optional(),
  ),
  MAIL_FROM: setting(
    "none",
    "The address that mail comes from, like `mintmark@example.com`. Your mail server must let this server use it.",
    z
      .email("MAIL_FROM is no e-mail address, so no mail can come from it. Write it like mintmark@example.com.")
      .max(254, "MAIL_FROM has more than 254 characters, so it is no e-mail address. Choose a shorter one.")
      .optional(),
  ),
} as const;

/** The longest slug that a tenant can have: a label of a host name holds as much. */
const LONGEST = "t".repeat(63);
/** An origin with any tenant's slug in it. */
const sampleOf = (template: string): string => template.replace(/\{tenant\}/i, LONGEST);

/** A whole part of the host and not its last one, so that each tenant's is another host below one that you own. */
function isOriginTemplate(text: string): boolean {
  if (!/^https?:\/\/([^/.]+\.)*\{tenant\}\.[^/]+\/?$/i.test(text)) return false;
  return isOrigin(sampleOf(text)) && new URL(sampleOf(text)).hostname.length <= 253;
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, origin, pathname, search, hash, username } = new URL(text);
  const isBare = pathname === "/" && search === "" && hash === "" && username === "" && !/[?#@{}]/.test(text);
  return isBare && (protocol === "https:" || protocol === "http:") && origin !== "null";
}

/** `undefined` where a part is neither an address nor a network. */
function networks(text: string): BlockList | undefined {
  const list = new BlockList();
  for (const part of text.split(",").map((piece) => piece.trim())) {
    if (part === "") continue;
    const [address = "", prefix] = part.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    const longest = family === "ipv6" ? 128 : 32;
    if (isIP(address) === 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix)) || Number(prefix ?? 0) > longest)
      return undefined;
    list.addSubnet(address, prefix === undefined ? longest : Number(prefix), family);
  }
  return list;
}

/** Whether a URL's host names this machine and no other: browsers and RFC 8252 §8.3 trust it without TLS. */
const isLoopback = (url: URL): boolean => isLoopbackHost(url.hostname.replace(/^\[|\]$/g, ""));

/** Whether callers come from other machines to these addresses. */
export const isProductionAt = ({ origin, originTemplate }: Pick<Config, "origin" | "originTemplate">): boolean =>
  !isLoopback(new URL(origin)) || (originTemplate !== undefined && !isLoopback(new URL(sampleOf(originTemplate))));

/** Whether a name or an address, an IPv6 one without brackets, is this machine's own. */
export const isLoopbackHost = (host: string): boolean =>
  host === "localhost" || host.endsWith(".localhost") || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);

type Parsed = { [K in keyof typeof settings]: (typeof settings)[K] extends Setting<infer T> ? T : never };

const environment = z.object(
  Object.fromEntries(Object.entries(settings).map(([name, { schema }]) => [name, schema])),
) as unknown as ZodType<Parsed>;

/**
 * Reads the environment. An empty variable counts as unset.
 *
 * @throws ConfigFailure with every problem at once
 */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.keys(settings).flatMap((name) => (env[name]?.trim() ? [[name, env[name].trim()]] : [])),
  );
  const parsed = environment.safeParse(given);
  if (!parsed.success) throw new ConfigFailure(parsed.error.issues.map((issue) => issue.message));
  const values = parsed.data;
  const url = new URL(values.PUBLIC_URL ?? `http://localhost:${values.PORT}`);
  const template = values.ORIGIN_TEMPLATE;
  const isProduction = isProductionAt({ origin: url.origin, originTemplate: template });
  const problems = [
    ...(isProduction ? productionProblems(url, values.MINTMARK_MASTER_KEY, template) : []),
    ...masterKeyProblems(values),
    ...mtlsProblems(values),
    ...mailProblems(values),
  ];
  if (problems.length > 0) throw new ConfigFailure(problems);
  return {
    port: values.PORT,
    host: values.HOST,
    origin: url.origin,
    originTemplate: template,
    isProduction,
    databaseUrl: values.DATABASE_URL,
    migrateDatabaseUrl: values.MIGRATE_DATABASE_URL,
    dataDir: values.DATA_DIR,
    pgBin: values.PG_BIN,
    masterKey: values.MINTMARK_MASTER_KEY,
    otherMasterKey: values.MINTMARK_MASTER_KEY_OTHER,
    workers: values.WORKERS,
    logLevel: values.LOG_LEVEL,
    trustedProxies: values.TRUSTED_PROXIES,
    egressAllow: values.EGRESS_ALLOW,
    webhookAllow: values.WEBHOOK_ALLOW,
    egressCaFile: values.EGRESS_CA_FILE,
    mtls: mtlsOf(values, url),
    mail: values.SMTP_URL && { ...values.SMTP_URL, from: values.MAIL_FROM ?? "" },
  };
}

function masterKeyProblems({ MINTMARK_MASTER_KEY, MINTMARK_MASTER_KEY_OTHER }: Parsed): readonly string[] {
  if (MINTMARK_MASTER_KEY === undefined || MINTMARK_MASTER_KEY !== MINTMARK_MASTER_KEY_OTHER) return [];
  return [
    "MINTMARK_MASTER_KEY_OTHER is MINTMARK_MASTER_KEY, so it opens nothing more. Set it to the key that the other takes the place of, or leave it out.",
  ];
}

function mtlsProblems({ MTLS_PORT, MTLS_CERT_FILE, MTLS_KEY_FILE, PORT }: Parsed): readonly string[] {
  if (MTLS_PORT === undefined) return [];
  if (MTLS_PORT === PORT) return ["MTLS_PORT is PORT, where no TLS is spoken. Choose another one."];
  return MTLS_CERT_FILE === undefined || MTLS_KEY_FILE === undefined
    ? [
        "MTLS_PORT is set, but not both MTLS_CERT_FILE and MTLS_KEY_FILE, so no TLS can be spoken there. Name both files.",
      ]
    : [];
}

function mailProblems({ SMTP_URL, MAIL_FROM }: Parsed): readonly string[] {
  if (SMTP_URL === undefined || MAIL_FROM !== undefined) return [];
  return [
    "SMTP_URL is set, but MAIL_FROM is not, so mail would come from nobody. Set MAIL_FROM to an address that your mail server lets this server use.",
  ];
}

function mtlsOf(values: Parsed, url: URL): MtlsConfig {
  const { MTLS_PORT: port, MTLS_CERT_FILE: certificateFile, MTLS_KEY_FILE: keyFile, MTLS_URL } = values;
  const listener =
    port !== undefined && certificateFile !== undefined && keyFile !== undefined
      ? { port, certificateFile, keyFile }
      : undefined;
  const own = listener && `https://${url.hostname}:${listener.port}`;
  return { origin: MTLS_URL ?? own, listener, proxySecret: values.MTLS_PROXY_SECRET };
}

function productionProblems(url: URL, masterKey: string | undefined, template: string | undefined): readonly string[] {
  const problems: string[] = [];
  if (template?.startsWith("http:"))
    problems.push(
      `ORIGIN_TEMPLATE is ${template}, which is not https, so secrets would cross the network in clear. Put TLS in front and write https.`,
    );
  if (url.protocol !== "https:")
    problems.push(
      `PUBLIC_URL is ${url.origin}, which is ${isLoopback(url) ? "not https while ORIGIN_TEMPLATE is another machine's" : "neither https nor this machine"}, so secrets would cross the network in clear. Put TLS in front and write https.`,
    );
  if (masterKey === undefined)
    problems.push(
      `MINTMARK_MASTER_KEY is not set, and with PUBLIC_URL ${url.origin} the server is in production, where no key is made by itself. Set it to the output of \`openssl rand -base64 32\` and keep a copy apart from the database.`,
    );
  return problems;
}

/** The README's table of settings, in Markdown. */
export const settingsTable = (): string =>
  [
    "| setting | default | meaning |",
    "|---|---|---|",
    ...Object.entries(settings).map(
      ([name, { shownDefault, meaning }]) => `| \`${name}\` | ${shownDefault} | ${meaning} |`,
    ),
  ].join("\n");
