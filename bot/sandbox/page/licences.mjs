// The licence texts of every package that has a file in the bundle.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

const PACKAGE_FOLDER = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;

function packageFolders(inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const match = PACKAGE_FOLDER.exec(input);
    if (match) folders.add(match[1]);
  }
  return [...folders].sort();
}

async function licenceOf(folder) {
  const manifest = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).sort().find((name) => /^licen[cs]e(\.|$)/i.test(name));
  const text = file ? await readFile(path.join(folder, file), "utf8") : `Licence: ${manifest.license}`;
  return { name: manifest.name, version: manifest.version, licence: manifest.license, text };
}

export async function licenceText(inputs) {
  const licences = await Promise.all(packageFolders(inputs).map(licenceOf));
  const list = licences.map(({ name, version, licence }) => `  ${name} ${version} (${licence})`);
  const texts = licences.map(({ name, version, text }) => `--- ${name} ${version}\n\n${text.trim()}\n`);
  const note = "slack-blocks-to-jsx has @yozora/parser (MIT, https://github.com/yozorajs/yozora) built in.";
  return `This page contains:\n${list.join("\n")}\n\n${note}\n\n${texts.join("\n")}`;
}
