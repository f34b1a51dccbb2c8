/** A cell is slower when its median ratio to C grew by more than a sixth and its quartiles lie apart from those saved. */
export function slower(saved, now) {
  return now.cells.flatMap((cell) => {
    const before = saved.cells.find(({ id }) => id === cell.id);
    if (before?.ratio === undefined || cell.ratio === undefined) return [];
    if (cell.ratio.median < before.ratio.median * 1.16 || cell.ratio.lower < before.ratio.upper) return [];
    return [`slower: ${cell.id}: ${before.ratio.median.toFixed(2)} -> ${cell.ratio.median.toFixed(2)} times C`];
  });
}
