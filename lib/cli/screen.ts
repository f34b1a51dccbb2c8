import type { Output } from "./output.js";

/** Does the work on a screen of its own, without a cursor; the one before comes back at the end, with all that had scrolled away. */
export async function onOwnScreen(output: Output, work: () => Promise<void>): Promise<void> {
  await output.data("\u001b[?1049h\u001b[?25l");
  try {
    await work();
  } finally {
    await output.data("\u001b[?25h\u001b[?1049l");
  }
}

/** The rows, in the place of those that were drawn before. */
export function redrawn(rows: readonly string[], height: number): string {
  // Cleared before it is written: behind a row as wide as the screen the terminal would clear its last letter.
  const written = rows.map((row) => `\u001b[2K${row}`).join("\r\n");
  return `\u001b[H${written}${rows.length < height ? "\r\n\u001b[J" : ""}`;
}

/** The rows that a terminal makes of a long line. */
export function folded(text: string, width: number): string[] {
  const rows = [text.slice(0, width)];
  for (let start = width; start < text.length; start += width) rows.push(text.slice(start, start + width));
  return rows;
}
