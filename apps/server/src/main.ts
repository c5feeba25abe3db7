import { enableCompileCache } from "node:module";
import { join } from "node:path";

// What V8 makes of the bundle is kept beside it, so that a later start need not; where that may not be written, nothing is.
enableCompileCache(join(import.meta.dirname, ".compiled"));
await import("./command-line.ts");
