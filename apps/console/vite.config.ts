import optimizeLocales from "@react-aria/optimize-locales-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The server serves the build below /console/ under `script-src 'self'; style-src 'self'`: nothing may be inlined.
export default defineConfig({
  base: "/console/",
  plugins: [react(), { ...optimizeLocales.vite({ locales: ["en-US"] }), enforce: "pre" }],
  build: {
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    target: "es2022",
    // What many pages share comes in one file: it packs smaller than dozens of small ones, and asks for less.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "shell", minShareCount: 6 }] } } },
  },
});
