import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A server of somebody else's, with a certificate for `localhost` and 127.0.0.1 by an authority that only tests trust. */
export interface HttpsServer {
  /** `https://localhost:{port}`. */
  readonly origin: string;
  readonly port: number;
  /** The authority's certificate: as a file, and in PEM. */
  readonly authorityFile: string;
  readonly authority: string;
  close(): Promise<void>;
}

export async function startHttps(listener: RequestListener): Promise<HttpsServer> {
  const { folder, key, cert, authorityFile } = certificate();
  const server = createServer({ key, cert }, listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    origin: `https://localhost:${port}`,
    port,
    authorityFile,
    authority: readFileSync(authorityFile, "utf8"),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function certificate() {
  const folder = mkdtempSync(join(tmpdir(), "mintmark-https-"));
  const make = (...args: string[]) =>
    execFileSync("/usr/bin/openssl", ["req", "-x509", "-nodes", "-days", "2", ...args], { cwd: folder, stdio: "pipe" });
  const pair = (name: string) => [
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-keyout",
    `${name}.key`,
    "-out",
    `${name}.pem`,
  ];
  make(...pair("authority"), "-subj", "/CN=Authority of the tests");
  const names = "subjectAltName=DNS:localhost,IP:127.0.0.1";
  const ends = ["-addext", names, "-addext", "basicConstraints=critical,CA:FALSE"];
  make(...pair("server"), "-subj", "/CN=localhost", ...ends, "-CA", "authority.pem", "-CAkey", "authority.key");
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  return { folder, key: read("server.key"), cert: read("server.pem"), authorityFile: join(folder, "authority.pem") };
}
