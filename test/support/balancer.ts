import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A load balancer before several servers. */
export interface Balancer {
  /** `http://localhost:{port}` */
  readonly origin: string;
  close(): Promise<void>;
}

/** Hands each request, as it is, to the next server. */
export async function openBalancer(origins: readonly string[]): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true });
  let turn = 0;
  const pass = (incoming: IncomingMessage, answer: ServerResponse): void => {
    const { hostname, port } = new URL(origins[turn++ % origins.length] ?? "");
    const { method, url, rawHeaders } = incoming;
    const onward = request({ agent, hostname, port, method, path: url, headers: rawHeaders }, (from) => {
      answer.writeHead(from.statusCode ?? 502, from.rawHeaders);
      from.pipe(answer);
    });
    onward.on("error", () => (answer.headersSent ? answer.destroy() : answer.writeHead(502).end()));
    incoming.pipe(onward);
  };
  const server = createServer(pass);
  server.listen(0, "localhost");
  await once(server, "listening");
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      agent.destroy();
    },
  };
}
