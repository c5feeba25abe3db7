import { expect, test } from "vitest";
import { parseAllowedHosts } from "./allowed-hosts.ts";
import { isPublicAddress } from "./public-address.ts";

test.each([
  "1.1.1.1",
  "93.184.216.34",
  "172.15.255.255",
  "172.32.0.1",
  "100.128.0.1",
  "2606:4700::1111",
  "2a00:1450::1",
])("%s is public", (address) => expect(isPublicAddress(address)).toBe(true));

test.each(["", "example.com", "127.1", "2606:4700::1111%eth0", "::ffff:1.1.1.1"])(
  "%s is not taken for a public address",
  (address) => expect(isPublicAddress(address)).toBe(false),
);

test.each([
  ["10.0.0.7:6443", [{ host: "10.0.0.7", port: 6443 }]],
  [
    "[::1]:443, Issuer.Internal:8443",
    [
      { host: "::1", port: 443 },
      { host: "issuer.internal", port: 8443 },
    ],
  ],
  ["", []],
  ["10.0.0.7", undefined],
  ["10.0.0.0/8:443", undefined],
  ["host:0", undefined],
  ["host:65536", undefined],
  ["https://host:443", undefined],
  ["*:443", undefined],
])("EGRESS_ALLOW %j means %j", (text, hosts) => expect(parseAllowedHosts(text)).toEqual(hosts));
