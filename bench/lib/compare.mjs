/** A twentieth is never worth a word. */
const least = 0.05;

/**
 * What became slower than in a saved run, one line each. A figure is a median with its quartiles; it counts as slower when it
 * grew by more than both spreads together, so that noise, which widens them, says nothing.
 */
export function slower(saved, now) {
  const before = new Map(figures(saved));
  return figures(now).flatMap(([name, figure]) => {
    const was = before.get(name);
    if (was === undefined) return [];
    const tolerance = Math.max(was.median * least, spread(was) + spread(figure));
    if (figure.median - was.median <= tolerance) return [];
    return [`slower: ${name}: ${was.median.toFixed(2)} -> ${figure.median.toFixed(2)} (${figure.unit})`];
  });
}

function figures({ cells, codecs = [], import: importing }) {
  const ofCells = cells.flatMap(({ id, ratio }) => (ratio === undefined ? [] : [[id, { ...ratio, unit: "times C" }]]));
  const ofCodecs = codecs.map(({ name, ratio }) => [name, { ...ratio, unit: "times by hand" }]);
  const ofImport = importing?.cpu === undefined ? [] : [["import", { ...importing.cpu, unit: "ms of CPU" }]];
  return [...ofCells, ...ofCodecs, ...ofImport];
}

function spread({ lower, upper }) {
  return upper - lower;
}
