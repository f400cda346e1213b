// Bundles the page into dist/: index.html, assets/page.js, assets/page.css, LICENSES.txt.
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import { licenceText } from "./licences.mjs";

const readable = process.argv.includes("--readable");

await rm("dist", { recursive: true, force: true });
await mkdir("dist/assets", { recursive: true });

const result = await build({
  entryPoints: { page: "src/main.tsx" },
  outdir: "dist/assets",
  bundle: true,
  minify: !readable,
  format: "esm",
  target: ["es2022"],
  jsx: "automatic",
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "none",
  charset: "utf8",
  metafile: true,
  logLevel: "warning",
});

// A changed file gets another address, so that no browser shows an old page with a new server.
async function versioned(html, name) {
  const content = await readFile(`dist/assets/${name}`);
  const version = createHash("sha256").update(content).digest("hex").slice(0, 10);
  return html.replace(`/assets/${name}`, `/assets/${name}?v=${version}`);
}

const html = await readFile("src/index.html", "utf8");
await writeFile("dist/index.html", await versioned(await versioned(html, "page.js"), "page.css"));
await cp("src/favicon.svg", "dist/assets/favicon.svg");
await writeFile("dist/LICENSES.txt", await licenceText(Object.keys(result.metafile.inputs)));

for (const [file, output] of Object.entries(result.metafile.outputs)) {
  console.log(`${file}  ${(output.bytes / 1024).toFixed(0)} kB`);
}
