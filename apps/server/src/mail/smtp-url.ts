/** Where mail goes, and who it is from. */
export interface MailConfig {
  readonly host: string;
  readonly port: number;
  /** On this very machine nothing is encrypted; everywhere else there is no mail without TLS. */
  readonly tls: "from-the-start" | "starttls" | "none";
  readonly credentials: { readonly user: string; readonly pass: string } | undefined;
  /** A bare address. */
  readonly from: string;
}

/** Ports of message submission (RFC 6409 §3.1, RFC 8314 §3.3). */
const PORTS = { "smtp:": 587, "smtps:": 465 } as const;

/**
 * Reads `smtp://user:password@host:587` or `smtps://…`; `undefined` where it is neither. Whatever a password may not hold
 * in an address is percent-encoded.
 *
 * @param isLoopback whether a host, an IPv6 address without brackets, is this machine
 */
export function parseSmtpUrl(
  text: string,
  isLoopback: (host: string) => boolean,
): Omit<MailConfig, "from"> | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(text);
  if (protocol !== "smtp:" && protocol !== "smtps:") return undefined;
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const isBare = (pathname === "" || pathname === "/") && search === "" && hash === "";
  if (host === "" || !/^[a-z0-9.:-]+$/.test(host) || !isBare || (username === "") !== (password === ""))
    return undefined;
  try {
    const credentials =
      username === "" ? undefined : { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
    const tls = protocol === "smtps:" ? "from-the-start" : isLoopback(host) ? "none" : "starttls";
    return { host, port: Number(port || PORTS[protocol]), tls, credentials };
  } catch {
    return undefined;
  }
}
