import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import type { Pair } from "./certificates.ts";

/** A mail as it came in. */
export interface ReceivedMail {
  /** Of the envelope. */
  readonly from: string;
  readonly to: readonly string[];
  /** Each header, by its name in small letters, unfolded. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
}

/** A real mail server on this machine. */
export interface MailServer {
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
  /** How often somebody gave a user and a password. */
  readonly logins: () => number;
  /** The newest mail to an address, once there is one. */
  to(address: string): Promise<ReceivedMail>;
  close(): Promise<void>;
}

interface Wanted {
  /** With a pair it speaks TLS: from the start, or after STARTTLS. */
  readonly pair?: Pair;
  readonly fromTheStart?: boolean;
  /** Whoever sends must be this. */
  readonly login?: { readonly user: string; readonly password: string };
  /** Addresses that it does not know. */
  readonly unknown?: readonly string[];
}

export async function startMailServer({
  pair,
  fromTheStart = false,
  login,
  unknown = [],
}: Wanted = {}): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  let logins = 0;
  const server = new SMTPServer({
    secure: fromTheStart,
    ...(pair && { cert: pair.cert, key: pair.key }),
    disabledCommands: pair === undefined ? ["STARTTLS"] : [],
    authOptional: login === undefined,
    disableReverseLookup: true,
    onAuth({ username, password }, _, done) {
      logins++;
      if (username === login?.user && password === login?.password) done(null, { user: username });
      else done(new Error("no such user"));
    },
    onRcptTo({ address }, _, done) {
      const refused = Object.assign(new Error("no such mailbox"), { responseCode: 550 });
      done(unknown.includes(address) ? refused : null);
    },
    onData(stream, { envelope: { mailFrom, rcptTo } }, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.once("end", () => {
        const from = mailFrom === false ? "" : (mailFrom?.address ?? "");
        mails.push({
          from,
          to: rcptTo.map(({ address }) => address),
          ...parse(Buffer.concat(chunks).toString("latin1")),
        });
        done();
      });
    },
  });
  server.on("error", () => {});
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    logins: () => logins,
    async to(address) {
      const deadline = Date.now() + 10_000;
      for (;;) {
        const mail = mails.findLast(({ to }) => to.includes(address));
        if (mail) return mail;
        if (Date.now() > deadline) throw new Error(`no mail to ${address} came`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function parse(source: string): Pick<ReceivedMail, "headers" | "text"> {
  const end = source.indexOf("\r\n\r\n");
  const lines = source
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, " ")
    .split("\r\n");
  const headers = new Map(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  const body = source.slice(end + 4);
  return { headers, text: decoded(body, headers.get("content-transfer-encoding") ?? "7bit").replaceAll("\r\n", "\n") };
}

function decoded(body: string, encoding: string): string {
  if (encoding === "base64") return Buffer.from(body, "base64").toString("utf8");
  if (encoding !== "quoted-printable") return Buffer.from(body, "latin1").toString("utf8");
  const bytes = body
    .replace(/=\r\n/g, "")
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}
