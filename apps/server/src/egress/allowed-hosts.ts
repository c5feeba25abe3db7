/** A host and port that the operator opened, e.g. `10.0.0.7:6443`. */
export interface AllowedHost {
  readonly host: string;
  readonly port: number;
}

/** Reads `host:port,[::1]:port,…`; `undefined` where a part is neither. Names are compared without case. */
export function parseAllowedHosts(text: string): readonly AllowedHost[] | undefined {
  const parts = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const hosts = parts.flatMap((part) => {
    const [, bracketed, plain, port] = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+)):(\d{1,5})$/i.exec(part) ?? [];
    const number = Number(port);
    return port !== undefined && number >= 1 && number <= 65_535
      ? [{ host: (bracketed ?? plain ?? "").toLowerCase(), port: number }]
      : [];
  });
  return hosts.length === parts.length ? hosts : undefined;
}

export const isAllowedHost = (allowed: Iterable<AllowedHost>, host: string, port: number): boolean => {
  const name = host.toLowerCase().replace(/\.$/, "");
  for (const entry of allowed) if (entry.host === name && entry.port === port) return true;
  return false;
};
