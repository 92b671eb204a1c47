// Builds main.scss and main.js into src/workplace/assets/built: named by their content, listed in
// .vite/manifest.json, each with a compressed copy beside it, which whitenoise serves.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig } from "vite";
import darkByTheSystem from "./dark-by-the-system.js";

const OUT = "../src/workplace/assets/built";

const compressedCopies = {
  name: "compressed-copies",
  closeBundle() {
    for (const name of readdirSync(OUT).filter((file) => /\.(css|js)$/.test(file))) {
      const bytes = readFileSync(join(OUT, name));
      writeFileSync(join(OUT, `${name}.gz`), gzipSync(bytes, { level: 9 }));
      const quality = { [constants.BROTLI_PARAM_QUALITY]: 11 };
      writeFileSync(join(OUT, `${name}.br`), brotliCompressSync(bytes, { params: quality }));
    }
  },
};

export default defineConfig({
  base: "/static/built/",
  publicDir: false,
  css: {
    postcss: { plugins: [darkByTheSystem()] },
    preprocessorOptions: { scss: { loadPaths: ["node_modules"], quietDeps: true } },
  },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    assetsDir: "",
    assetsInlineLimit: 8192,
    manifest: true,
    target: ["chrome100", "firefox100", "safari15.4"],
    rollupOptions: {
      input: { main: "main.js", style: "main.scss" },
      checks: { pluginTimings: false },
    },
  },
  plugins: [compressedCopies],
});
