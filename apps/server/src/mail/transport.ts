import { connect, type Socket } from "node:net";
import { getCACertificates } from "node:tls";
import type { Transporter } from "nodemailer";
import type { MailConfig } from "./smtp-url.ts";
import { inOneLine } from "./words.ts";

/** A mail to one person: plain text, for one address. */
export interface Mail {
  /** A bare address, `ada@example.com`. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Why a mail did not leave. */
export type MailProblem =
  | "unreachable"
  | "slow"
  | "no_tls"
  | "certificate"
  | "credentials"
  | "recipient"
  /** The server took the connection, and refuses the mail. */
  | "refused";

const because: Readonly<Record<MailProblem, string>> = {
  unreachable: "the mail server of SMTP_URL cannot be reached",
  slow: "the mail server of SMTP_URL did not answer in time",
  no_tls: "the mail server of SMTP_URL offers no TLS",
  certificate: "the certificate of the mail server of SMTP_URL is not trusted",
  credentials: "the mail server of SMTP_URL refuses the user or password",
  recipient: "the mail server of SMTP_URL refuses the address",
  refused: "the mail server of SMTP_URL refuses the mail",
};

/** A mail did not leave. Its message says why, in words for an administrator: no credential, no part of the mail. */
export class MailFailure extends Error {
  override readonly name = "MailFailure";
  readonly problem: MailProblem;
  /** The server's own answer, in one line: for the log. */
  readonly answer: string | undefined;
  constructor(problem: MailProblem, answer?: string) {
    super(`The mail was not sent: ${because[problem]}.`);
    this.problem = problem;
    this.answer = answer;
  }
}

/** Hands a mail to the operator's server. @throws MailFailure */
export type SendMail = (mail: Mail) => Promise<void>;

/** Milliseconds for each step: the connection, the greeting, the TLS handshake, an answer. */
const STEP_MS = 10_000;
/** Milliseconds for all of it. */
const PATIENCE_MS = 30_000;
/** One bare address: neither a list of them, nor a name with one, nor a line of a header. */
const ADDRESS = /^[^\s\p{C}<>(),;:"[\]\\@]{1,64}@[^\s\p{C}<>(),;:"[\]\\@]{1,255}$/u;

/**
 * The one way to a mail server. Its library is loaded with the first mail. The connection is made here, by the name that
 * the operator gave, so that the guard at the socket (`egress/guard-sockets.ts`) judges the name and no answer about it.
 *
 * @param hello the host that this server calls itself
 * @param authorities certificates, in PEM, that are trusted besides the usual ones
 */
export function openMail(config: MailConfig, hello: string, authorities: readonly string[] = []): SendMail {
  let transport: Promise<Transporter> | undefined;
  const open = async () => {
    const { createTransport } = await import("nodemailer");
    return createTransport({
      host: config.host,
      port: config.port,
      secure: config.tls === "from-the-start",
      requireTLS: config.tls === "starttls",
      ignoreTLS: config.tls === "none",
      ...(config.credentials && { auth: { type: "login", ...config.credentials } }),
      name: hello,
      tls: { minVersion: "TLSv1.2", ca: [...getCACertificates("default"), ...authorities] },
      connectionTimeout: STEP_MS,
      greetingTimeout: STEP_MS,
      socketTimeout: STEP_MS,
      getSocket: (_, done) =>
        void connected(config).then(
          (connection) => done(null, { connection }),
          (error: Error) => done(error, false),
        ),
      disableFileAccess: true,
      disableUrlAccess: true,
      logger: false,
    });
  };
  return async ({ to, subject, text }) => {
    if (!ADDRESS.test(to)) throw new MailFailure("recipient");
    transport ??= open();
    const sent = (await transport).sendMail({
      from: { name: "Mintmark", address: config.from },
      // An object is not read as a list of addresses.
      to: { name: "", address: to },
      envelope: { from: config.from, to: [to] },
      subject: inOneLine(subject),
      text,
      headers: { "Auto-Submitted": "auto-generated" },
      xMailer: false,
    });
    await inTime(sent).catch((error: unknown) => {
      throw error instanceof MailFailure ? error : asFailure(error);
    });
  };
}

function connected({ host, port }: MailConfig): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: STEP_MS });
    socket.once("timeout", () => socket.destroy(new MailFailure("slow")));
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.removeAllListeners("timeout").removeListener("error", reject);
      resolve(socket);
    });
  });
}

async function inTime<T>(sent: Promise<T>): Promise<T> {
  const patience = Promise.withResolvers<never>();
  const timer = setTimeout(() => patience.reject(new MailFailure("slow")), PATIENCE_MS);
  try {
    return await Promise.race([sent, patience.promise]);
  } finally {
    clearTimeout(timer);
  }
}

interface TransportError {
  readonly code?: string;
  readonly response?: string;
  readonly message?: string;
  readonly cause?: { readonly code?: string };
}

function asFailure(error: unknown): MailFailure {
  const { code = "", response, message = "", cause } = error as TransportError;
  return new MailFailure(problemOf(code, `${message} ${cause?.code ?? ""}`), response && inOneLine(response));
}

function problemOf(code: string, message: string): MailProblem {
  if (code === "EAUTH" || code === "ENOAUTH") return "credentials";
  if (code === "EENVELOPE") return "recipient";
  if (code === "EMESSAGE" || code === "EPROTOCOL") return "refused";
  if (code === "ETIMEDOUT") return "slow";
  if (/certificate|self.signed|CERT|ALTNAME|altnames/i.test(`${code} ${message}`)) return "certificate";
  return code === "ETLS" ? "no_tls" : "unreachable";
}
