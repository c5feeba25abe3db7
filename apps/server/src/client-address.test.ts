import type { IncomingMessage } from "node:http";
import { BlockList } from "node:net";
import { expect, it } from "vitest";
import { clientAddress } from "./client-address.ts";

const proxies = new BlockList();
proxies.addSubnet("10.0.0.0", 8, "ipv4");

const from = (remoteAddress: string, forwarded?: string) =>
  clientAddress(
    { socket: { remoteAddress }, headers: { "x-forwarded-for": forwarded } } as unknown as IncomingMessage,
    proxies,
  );

it("takes the socket's address when the sender is no trusted proxy", () => {
  expect(from("192.0.2.9", "198.51.100.1")).toBe("192.0.2.9");
});

it("takes the rightmost untrusted address behind a trusted proxy", () => {
  expect(from("::ffff:10.0.0.1", "1.1.1.1, 198.51.100.1, 10.9.9.9")).toBe("198.51.100.1");
});

it("believes nothing beyond a part that is no address", () => {
  expect(from("10.0.0.1", "198.51.100.1, evil")).toBe("10.0.0.1");
  expect(from("10.0.0.1")).toBe("10.0.0.1");
});
