// Order and paging of a data table.
import type { Cell } from "./blockkit";

export interface Order {
  column: number;
  descending: boolean;
}

function textsIn(node: unknown): string {
  if (Array.isArray(node)) return node.map(textsIn).join("");
  if (typeof node !== "object" || node === null) return "";
  if ("text" in node && typeof node.text === "string") return node.text;
  return "elements" in node ? textsIn(node.elements) : "";
}

export function cellText(cell: Cell): string {
  if (cell.type === "raw_text") return cell.text;
  if (cell.type === "raw_number") return cell.text ?? String(cell.value);
  return textsIn(cell.elements);
}

/** A number written for people, such as 812,440.50, +0.31% or -4; null for other texts. */
export function numberIn(text: string): number | null {
  const match = /^[$€£¥]?\s?([+\-−]?\d[\d,]*(?:\.\d+)?)\s*%?$/.exec(text.trim());
  return match ? Number((match[1] ?? "").replaceAll(",", "").replace("−", "-")) : null;
}

/**
 * Alphabetical, as in Slack; numeric only where all of a column's cells are of type raw_number:
 * https://docs.slack.dev/reference/block-kit/blocks/data-table-block
 */
export function orderRows(rows: Cell[][], order: Order | null): Cell[][] {
  if (!order) return rows;
  const sign = order.descending ? -1 : 1;
  const areNumbers = rows.every((row) => row[order.column]?.type === "raw_number");
  const compare = (left: Cell, right: Cell) =>
    areNumbers && left.type === "raw_number" && right.type === "raw_number"
      ? left.value - right.value
      : cellText(left).localeCompare(cellText(right));
  return [...rows].sort((left, right) => {
    const [a, b] = [left[order.column], right[order.column]];
    return a && b ? sign * compare(a, b) : 0;
  });
}

/** Ascending, then descending, then as sent. */
export function nextOrder(current: Order | null, column: number): Order | null {
  if (current?.column !== column) return { column, descending: false };
  return current.descending ? null : { column, descending: true };
}

export function pageCount(rows: number, pageSize: number): number {
  return Math.max(1, Math.ceil(rows / pageSize));
}

/** Columns whose filled cells are all numbers; they are set to the right. A dash is no value. */
export function numericColumns(rows: Cell[][]): Set<number> {
  const columns = new Set<number>();
  (rows[0] ?? []).forEach((_cell, column) => {
    const texts = rows.slice(1).map((row) => row[column]).filter((cell) => cell !== undefined);
    const filled = texts.filter((cell) => !/^[-–—]?$/.test(cellText(cell).trim()));
    const isNumber = (cell: Cell) => cell.type === "raw_number" || numberIn(cellText(cell)) !== null;
    if (filled.length > 0 && filled.every(isNumber)) columns.add(column);
  });
  return columns;
}
