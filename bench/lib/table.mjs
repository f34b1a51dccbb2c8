const titles = {
  pair: "One process sends and receives, one at a time",
  batch: "The same in batches",
  drain: "Draining a full queue",
  oneway: "One way between two processes",
  "pingpong one core": "Round trip, both processes on one core",
  "pingpong two cores": "Round trip, each process on a core of its own",
};

/** The results as Markdown: for each work a table of competitors by size, as ratios to C of the same family and run. */
export function table(results) {
  const { host, rounds, depth, cells } = results;
  const lines = [
    `${host.cpu}, ${host.cores} cores, Linux ${host.kernel}, Node ${host.node}; ${rounds} alternating rounds, queues of ${depth} messages,`,
    `load ${results.load.map((load) => load.toFixed(1)).join(" ")}. Each figure is the median of the ratios to C of the same family in the same`,
    "round, with the quartiles; lower is faster. Behind it the ratio of the CPU time of all processes together.",
    "",
  ];
  for (const [work, title] of Object.entries(titles)) {
    const those = cells.filter((cell) => cell.work === work);
    if (those.length === 0) continue;
    const sizes = [...new Set(those.map(({ size }) => size))];
    const names = [...new Set(those.map(({ competitor }) => competitor))];
    lines.push(
      `### ${title}`,
      "",
      row(["", ...sizes.map((size) => `${size} B`)]),
      row(["---", ...sizes.map(() => "---:")]),
    );
    for (const name of names) {
      const shown = sizes.map((size) => figure(those.find((cell) => cell.competitor === name && cell.size === size)));
      lines.push(row([name, ...shown]));
    }
    lines.push("");
  }
  const idle = cells.filter(({ work }) => work === "idle");
  if (idle.length > 0) {
    lines.push("### CPU time of one second of waiting", "", row(["", "microseconds"]), row(["---", "---:"]));
    for (const { competitor, cpu } of idle) lines.push(row([competitor, (cpu.median / 1000).toFixed(0)]));
    lines.push("");
  }
  if (results.scaling !== undefined) lines.push(...scalingLines(results));
  return `${lines.join("\n").trimEnd()}\n`;
}

function figure(cell) {
  if (cell === undefined) return "";
  if (cell.competitor.startsWith("C, ")) return `${(cell.ns.median / 1000).toFixed(2)} us`;
  const { median, lower, upper } = cell.ratio ?? {};
  if (median === undefined) return "";
  return `**${median.toFixed(2)}** (${lower.toFixed(2)}-${upper.toFixed(2)}), CPU ${cell.cpuRatio.median.toFixed(2)}`;
}

function scalingLines({ scaling, memory, import: importing }) {
  const lines = ["### Scaling", "", row(["", "count", "microseconds per message"]), row(["---", "---:", "---:"])];
  for (const { curve, count, us } of scaling) lines.push(row([curve, count, us.toFixed(1)]));
  lines.push("", row(["", "each"]), row(["---", "---:"]));
  for (const { what, bytes } of memory) lines.push(row([what, `${bytes.toFixed(0)} bytes`]));
  lines.push(row(['`import "hostmq"` over an empty module', `${importing.ms.toFixed(1)} ms`]), "");
  return lines;
}

function row(cells) {
  return `| ${cells.join(" | ")} |`;
}
