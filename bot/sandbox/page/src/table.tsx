// Tables: `table` as sent, `data_table` with sorting and pages.
import { useMemo, useState } from "react";
import type { Cell, DataTableBlock, TableBlock } from "./blockkit";
import { DisplayBlockView } from "./display";
import { cellText, nextOrder, numericColumns, orderRows, pageCount, type Order } from "./table-order";
import { PlainText } from "./text";

const DEFAULT_PAGE_SIZE = 5;

function CellView({ cell }: { cell: Cell }) {
  if (cell.type === "rich_text") return <DisplayBlockView block={cell} />;
  return <PlainText text={cellText(cell)} />;
}

type Align = "left" | "center" | "right";

function cellClass(align: Align, isWrapped: boolean): string {
  return `align-${align} ${isWrapped ? "is-wrapped" : ""}`;
}

export function Table({ block }: { block: TableBlock }) {
  const [head, ...body] = block.rows;
  const numeric = useMemo(() => numericColumns(block.rows), [block.rows]);
  const classOf = (column: number) => {
    const setting = block.column_settings?.[column];
    return cellClass(setting?.align ?? (numeric.has(column) ? "right" : "left"), setting?.is_wrapped ?? false);
  };
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label="Table">
      <table data-testid="table">
        <thead>
          <tr>
            {head?.map((cell, column) => (
              <th key={column} scope="col" className={classOf(column)}>
                <CellView cell={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {body.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} className={classOf(column)}>
                  <CellView cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function DataTable({ block }: { block: DataTableBlock }) {
  const [order, setOrder] = useState<Order | null>(null);
  const [wantedPage, setPage] = useState(0);
  const [head = [], ...body] = block.rows;
  const size = block.page_size ?? DEFAULT_PAGE_SIZE;
  const pages = pageCount(body.length, size);
  const page = Math.min(wantedPage, pages - 1);
  const numeric = useMemo(() => numericColumns(block.rows), [block.rows]);
  const rows = orderRows(body, order).slice(page * size, (page + 1) * size);
  const rowHeader = block.row_header_column_index ?? 0;
  const sort = (column: number) => {
    setOrder(nextOrder(order, column));
    setPage(0);
  };
  return (
    <div className="data-table" data-testid="data-table" data-block-id={block.block_id}>
      <div className="table-frame" tabIndex={0} role="region" aria-label={block.caption}>
        <table>
          <caption>
            <PlainText text={block.caption} />
          </caption>
          <thead>
            <tr>
              {head.map((cell, column) => (
                <SortableHead
                  key={column}
                  cell={cell}
                  order={order?.column === column ? order : null}
                  isNumeric={numeric.has(column)}
                  onSort={() => sort(column)}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                {row.map((cell, column) => {
                  const className = cellClass(numeric.has(column) ? "right" : "left", false);
                  return column === rowHeader ? (
                    <th key={column} scope="row" className={className}>
                      <CellView cell={cell} />
                    </th>
                  ) : (
                    <td key={column} className={className}>
                      <CellView cell={cell} />
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {pages > 1 && <Pager {...{ page, pages, size, count: body.length }} onPage={setPage} />}
    </div>
  );
}

function SortableHead(props: {
  cell: Cell;
  order: Order | null;
  isNumeric: boolean;
  onSort(): void;
}) {
  const { cell, order, isNumeric, onSort } = props;
  const direction = order ? (order.descending ? "descending" : "ascending") : "none";
  return (
    <th scope="col" aria-sort={direction} className={cellClass(isNumeric ? "right" : "left", false)}>
      <button type="button" className="sort" onClick={onSort}>
        <CellView cell={cell} />
        <span className="sort-mark" aria-hidden="true">
          {{ none: "↕", ascending: "↑", descending: "↓" }[direction]}
        </span>
      </button>
    </th>
  );
}

function Pager(props: {
  page: number;
  pages: number;
  size: number;
  count: number;
  onPage(page: number): void;
}) {
  const { page, pages, size, count, onPage } = props;
  const last = Math.min((page + 1) * size, count);
  return (
    <div className="pager">
      <span aria-live="polite">
        {page * size + 1}–{last} of {count} rows
      </span>
      <button type="button" className="button" disabled={page === 0} onClick={() => onPage(page - 1)}>
        Previous
      </button>
      <button
        type="button"
        className="button"
        disabled={page === pages - 1}
        onClick={() => onPage(page + 1)}
      >
        Next
      </button>
    </div>
  );
}
