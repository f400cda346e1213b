import assert from "node:assert/strict";
import { test } from "node:test";
import { fileSize } from "../src/file-size";

test("a size has at most three digits and its unit", () => {
  const sizes: [number, string][] = [
    [0, "0 bytes"],
    [1, "1 byte"],
    [999, "999 bytes"],
    [1000, "1.0 kB"],
    [9949, "9.9 kB"],
    [9950, "10 kB"],
    [999_499, "999 kB"],
    [999_500, "1.0 MB"],
    [34_000_000, "34 MB"],
    [1024 ** 3, "1.1 GB"],
  ];
  for (const [bytes, words] of sizes) assert.equal(fileSize(bytes), words);
});
