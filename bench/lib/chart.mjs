import { init } from "echarts";

const works = {
  pair: "One process, one at a time",
  drain: "Draining a full queue",
  oneway: "One way between two processes",
  "pingpong one core": "Round trip on one core",
  "pingpong two cores": "Round trip across two cores",
};
const size = 256;
const rowHeight = 22;

/** The smallest measured size nearest to 256 bytes, each work a panel of bars: ratios to C, on a logarithmic axis. */
export function chart({ cells, host }) {
  const sizes = [...new Set(cells.map((cell) => cell.size))].sort((a, b) => Math.abs(a - size) - Math.abs(b - size));
  const panels = Object.entries(works).flatMap(([work, title]) => {
    const those = cells.filter((cell) => cell.work === work && cell.size === sizes[0] && cell.ratio !== undefined);
    const bars = those.filter(({ competitor }) => !competitor.startsWith("C, "));
    return bars.length === 0 ? [] : [{ title, bars: bars.sort((a, b) => b.ratio.median - a.ratio.median) }];
  });
  let top = 60;
  const layout = panels.map((panel) => {
    const place = { ...panel, top: top + 24, height: panel.bars.length * rowHeight };
    top += place.height + 64;
    return place;
  });
  const image = init(null, null, { renderer: "svg", ssr: true, width: 860, height: top + 10 });
  image.setOption({
    animation: false,
    backgroundColor: "#ffffff",
    title: [
      { text: `Time per message of ${sizes[0]} bytes as a multiple of C's: shorter is faster`, left: 12, top: 8 },
      { subtext: `${host.cpu}, Linux ${host.kernel}, Node ${host.node}`, left: 12, top: 24 },
      ...layout.map((panel) => ({ text: panel.title, left: 12, top: panel.top - 26, textStyle: { fontSize: 13 } })),
    ],
    grid: layout.map((panel) => ({ left: 270, right: 70, top: panel.top, height: panel.height })),
    xAxis: layout.map((_, gridIndex) => ({
      gridIndex,
      type: "log",
      min: 0.1,
      splitLine: { lineStyle: { color: "#eee" } },
    })),
    yAxis: layout.map((panel, gridIndex) => ({
      gridIndex,
      type: "category",
      data: panel.bars.map(({ competitor }) => competitor),
      axisTick: { show: false },
    })),
    series: layout.map((panel, index) => ({
      type: "bar",
      xAxisIndex: index,
      yAxisIndex: index,
      barWidth: 13,
      label: { show: true, position: "right", formatter: ({ value }) => value.toFixed(2) },
      data: panel.bars.map(({ competitor, ratio }) => ({
        value: Number(ratio.median.toFixed(3)),
        itemStyle: { color: competitor.startsWith("hostmq") ? "#1f6feb" : "#b0b7c0" },
      })),
      markLine: {
        silent: true,
        symbol: "none",
        label: { show: false },
        lineStyle: { color: "#d1242f" },
        data: [{ xAxis: 1 }],
      },
    })),
  });
  return drawn(image);
}

/** What a message costs as the number of queues, consumers or pending receives grows, on two logarithmic axes. */
export function scalingChart({ scaling, host }) {
  const names = [...new Set(scaling.map(({ curve }) => curve))];
  const image = init(null, null, { renderer: "svg", ssr: true, width: 860, height: 420 });
  image.setOption({
    animation: false,
    backgroundColor: "#ffffff",
    title: {
      text: "CPU time per message, in microseconds, as counts grow",
      subtext: `${host.cpu}, Linux ${host.kernel}, Node ${host.node}`,
      left: 12,
      top: 8,
    },
    legend: { data: names, orient: "vertical", right: 12, top: 70, textStyle: { fontSize: 11 } },
    grid: { left: 60, right: 340, top: 70, bottom: 40 },
    xAxis: { type: "log", min: 1, max: 1000, name: "count", nameLocation: "middle", nameGap: 24 },
    yAxis: { type: "log", min: 1 },
    series: names.map((name) => ({
      type: "line",
      name,
      data: scaling.filter(({ curve }) => curve === name).map(({ count, cpu }) => [count, Number(cpu.toFixed(2))]),
    })),
  });
  return drawn(image);
}

/** A chart that is not disposed of keeps the process alive. */
function drawn(image) {
  const svg = image.renderToSVGString();
  image.dispose();
  return svg;
}
