import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import optimizeLocales from "@react-aria/optimize-locales-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** Lays a packed copy of each text beside it, as it was written, so that the server packs nothing while it serves. */
const packed: Plugin = {
  name: "packed",
  apply: "build",
  writeBundle({ dir = "" }, bundle) {
    for (const name of Object.keys(bundle)) {
      if (!/^assets\/.*\.(?:js|css)$/.test(name)) continue;
      const file = join(dir, name);
      const bytes = readFileSync(file);
      writeFileSync(`${file}.br`, brotliCompressSync(bytes));
      writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
    }
  },
};

// The server serves the build below /console/ under `script-src 'self'; style-src 'self'`: nothing may be inlined.
export default defineConfig({
  base: "/console/",
  publicDir: false,
  plugins: [react(), { ...optimizeLocales.vite({ locales: ["en-US"] }), enforce: "pre" }, packed],
  build: {
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    target: "es2022",
    // The frame and the page that is opened most in one file, so that nothing is asked for one after another.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "console", tags: ["$initial"] }] } } },
  },
});
