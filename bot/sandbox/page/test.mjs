// Bundles the tests of the pure parts and runs them with Node's test runner.
import { spawn } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import { build } from "esbuild";

const OUT = "node_modules/.cache/page-tests";

await rm(OUT, { recursive: true, force: true });
const tests = (await readdir("test")).filter((name) => name.endsWith(".test.ts"));
await build({
  entryPoints: tests.map((name) => `test/${name}`),
  outdir: OUT,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  jsx: "automatic",
  logLevel: "warning",
});
const files = tests.map((name) => `${OUT}/${name.replace(/\.ts$/, ".mjs")}`);
const runner = spawn(process.execPath, ["--test", ...files], { stdio: "inherit" });
runner.on("exit", (code) => process.exit(code ?? 1));
