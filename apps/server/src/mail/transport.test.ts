import { createServer } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Certificates, certificates, type Pair } from "../../../../test/support/certificates.ts";
import { type MailServer, startMailServer } from "../../../../test/support/mail-server.ts";
import type { MailConfig } from "./smtp-url.ts";
import { MailFailure, openMail } from "./transport.ts";

const made: Certificates = certificates();
const authority: Pair = made.make({ subject: "/CN=Mail authority", isAuthority: true });
const pair: Pair = made.make({ subject: "/CN=localhost", names: "DNS:localhost", by: authority });
const strange: Pair = made.make({ subject: "/CN=other", names: "DNS:other.example", by: authority });
const login = { user: "mintmark", password: "s3cret" };
const servers: MailServer[] = [];
let starttls: MailServer;
let plain: MailServer;

const started = async (wanted: Parameters<typeof startMailServer>[0]): Promise<MailServer> => {
  const server = await startMailServer(wanted);
  servers.push(server);
  return server;
};

beforeAll(async () => {
  starttls = await started({ pair, login, unknown: ["nobody@example.com"] });
  plain = await started({ login });
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  made.remove();
});

const config = (port: number, given: Partial<MailConfig> = {}): MailConfig => ({
  host: "localhost",
  port,
  tls: "starttls",
  credentials: { user: login.user, pass: login.password },
  from: "mintmark@example.com",
  ...given,
});
const mail = { to: "ada@example.com", subject: "Hello", text: "A line.\n" };
const sending = (given: MailConfig, sent = mail, authorities = [authority.cert]) =>
  openMail(
    given,
    "id.example.com",
    authorities,
  )(sent).then(
    () => "sent",
    (error: unknown) => (error instanceof MailFailure ? error.problem : error),
  );

test("to a server with STARTTLS and a trusted certificate → the mail is there, from and to one address", async () => {
  expect(await sending(config(starttls.port))).toBe("sent");
  expect(await starttls.to("ada@example.com")).toMatchObject({ from: "mintmark@example.com", text: "A line.\n" });
});

test("to a server with TLS from the start → the mail is there", async () => {
  const server = await started({ pair, fromTheStart: true, login });
  expect(await sending(config(server.port, { tls: "from-the-start" }))).toBe("sent");
});

test("without TLS where it must be → refused before a user or password leaves", async () => {
  const before = plain.logins();
  expect(await sending(config(plain.port))).toBe("no_tls");
  expect(plain.logins()).toBe(before);
});

test("on this machine → sent without TLS", async () => {
  const server = await started({});
  expect(await sending(config(server.port, { tls: "none", credentials: undefined }))).toBe("sent");
});

test.each([
  ["of an authority that nobody trusts", () => starttls, []],
  ["for another name", () => started({ pair: strange, login }), [authority.cert]],
])("a certificate %s → refused before a user or password leaves", async (_, server, authorities) => {
  const { port, logins } = await server();
  const before = logins();
  expect(await sending(config(port), mail, authorities)).toBe("certificate");
  expect(logins()).toBe(before);
});

test("what cannot be sent fails with its reason, and without a secret", async () => {
  const wrong = config(starttls.port, { credentials: { user: "mintmark", pass: "wr0ng" } });
  const failure = await openMail(wrong, "id.example.com", [authority.cert])(mail).catch((error: unknown) => error);
  expect(failure).toMatchObject({ problem: "credentials" });
  expect(`${String(failure)} ${JSON.stringify(failure)}`).not.toMatch(/wr0ng|ada@/);
  expect(await sending(config(starttls.port), { ...mail, to: "nobody@example.com" })).toBe("recipient");
  const closed = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => closed.once("listening", resolve));
  const { port } = closed.address() as { port: number };
  await new Promise((resolve) => closed.close(resolve));
  expect(await sending(config(port))).toBe("unreachable");
});

test.each([
  "ada@example.com, eve@example.com",
  "Ada <ada@example.com>",
  "ada@example.com\r\nBcc: eve@example.com",
  "ada@example.com\nRCPT TO:<eve@example.com>",
  "ada",
])("to %j, which is no one bare address → nothing is sent", async (to) => {
  const before = starttls.mails.length;
  expect(await sending(config(starttls.port), { ...mail, to })).toBe("recipient");
  expect(starttls.mails.length).toBe(before);
});

test("a subject with line breaks and bidirectional characters → one header of one line", async () => {
  const subject = "Hello\r\nBcc: eve@example.com\r\n\r\n\u202eolleh";
  expect(await sending(config(starttls.port), { ...mail, to: "bob@example.com", subject })).toBe("sent");
  const { headers, to } = await starttls.to("bob@example.com");
  expect(to).toEqual(["bob@example.com"]);
  expect(headers.has("bcc")).toBe(false);
  expect(headers.get("subject")).toBe("Hello Bcc: eve@example.com olleh");
});
