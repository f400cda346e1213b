// The size of a file, in words.
const UNITS = ["kB", "MB", "GB"];

/** `1 byte`, `999 bytes`, `1.2 kB`, `34 MB`: at most three digits, powers of 1000. */
export function fileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} ${bytes === 1 ? "byte" : "bytes"}`;
  let value = bytes;
  let unit = -1;
  do {
    value /= 1000;
    unit += 1;
  } while (value >= 999.5 && unit < UNITS.length - 1);
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}
