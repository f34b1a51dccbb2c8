import { printable } from "./printable.js";

/** A column of a table. */
export interface Column<Row> {
  readonly title: string;
  readonly align?: "right";
  text(row: Row): string;
}

/** Lines of a table, columns two blanks apart, without blanks at the end. */
export function tableLines<Row>(columns: readonly Column<Row>[], rows: readonly Row[], header: boolean): string[] {
  const cells = rows.map((row) => columns.map((column) => printable(column.text(row))));
  if (header) cells.unshift(columns.map(({ title }) => title));
  const widths = columns.map((_, index) => Math.max(0, ...cells.map((line) => line[index]?.length ?? 0)));
  return cells.map((line) =>
    line
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        return columns[index]?.align === "right" ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
}
