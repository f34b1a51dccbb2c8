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
  for (const limit of results.limits ?? []) lines.push(`${limit}: its cells above stay empty.`, "");
  if (results.codecs !== undefined) lines.push(...codecLines(results.codecs));
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

function codecLines(codecs) {
  const heads = [row(["", "ratio to by hand", "at most"]), row(["---", "---:", "---:"])];
  const lines = codecs.map(({ name, limit, ratio }) => row([name, withQuartiles(ratio), limit.toFixed(2)]));
  return ["### Typed messages beside the same done by hand", "", ...heads, ...lines, ""];
}

function scalingLines({ scaling, memory, import: importing }) {
  const heads = ["", "count", "microseconds per message", "of CPU"];
  const lines = [
    "### Scaling",
    "",
    "![CPU time per message as counts grow](scaling.svg)",
    "",
    row(heads),
    row(["---", "---:", "---:", "---:"]),
  ];
  for (const { curve, count, us, cpu } of scaling) lines.push(row([curve, count, us.toFixed(1), cpu.toFixed(1)]));
  lines.push("", row(["", "each"]), row(["---", "---:"]));
  for (const { what, figure, unit } of memory) lines.push(row([what, `${figure.toFixed(0)} ${unit}`]));
  for (const [clock, words] of Object.entries({ wall: "wall clock", cpu: "CPU" }))
    lines.push(row([`\`import "hostmq"\` over an empty module, ${words}`, `${withQuartiles(importing[clock])} ms`]));
  return [...lines, ""];
}

function withQuartiles({ median, lower, upper }) {
  return `**${median.toFixed(2)}** (${lower.toFixed(2)}-${upper.toFixed(2)})`;
}

/** The few lines of the README: the best way of each competitor to do each work, at the size nearest to 256 bytes. */
export function readmeTable({ cells, host, rounds }) {
  const [size] = [...new Set(cells.map((cell) => cell.size))].sort((a, b) => Math.abs(a - 256) - Math.abs(b - 256));
  const works = Object.keys(titles).filter((work) => cells.some((cell) => cell.work === work && cell.ratio));
  const competitorOf = ({ competitor }) => competitor.split(",")[0];
  // Where C is at the other end, half of the work is C's.
  const whole = ({ competitor }) => !competitor.includes("C at the other end");
  const those = cells.filter((cell) => cell.size === size && cell.ratio && works.includes(cell.work) && whole(cell));
  const names = [...new Set(those.map(competitorOf))].filter((name) => name !== "C");
  const best = (name, work) => {
    const ratios = those
      .filter((cell) => cell.work === work && competitorOf(cell) === name)
      .map(({ ratio }) => ratio.median);
    return ratios.length === 0 ? "" : Math.min(...ratios).toFixed(2);
  };
  return [
    `Time per message of ${size} bytes as a multiple of C's, the best way of each, medians of ${rounds} alternating rounds`,
    `(${host.cpu}, ${host.cores} cores, Linux ${host.kernel}, Node ${host.node}); lower is faster:`,
    "",
    row(["", ...works.map((work) => titles[work].toLowerCase())]),
    row(["---", ...works.map(() => "---:")]),
    ...names.map((name) => row([name, ...works.map((work) => best(name, work))])),
    "",
    "![Each way to send and receive as a multiple of C's time](docs/performance.svg)",
    "",
  ].join("\n");
}

function row(cells) {
  return `| ${cells.join(" | ")} |`;
}
