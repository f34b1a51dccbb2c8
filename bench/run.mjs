// Measures hostmq beside C and beside other ways for two local processes to talk.
// scripts/bench --help tells the options. Depth over 10 runs in an IPC namespace of its own (as root).
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { arch, cpus, loadavg, release, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chart } from "./lib/chart.mjs";
import { codecRatios } from "./codec/codecs.mjs";
import { slower } from "./lib/compare.mjs";
import { writeDocs } from "./lib/docs.mjs";
import { commandLine } from "./lib/options.mjs";
import { importTime, memory, scaling } from "./lib/scaling.mjs";
import { quartiles } from "./lib/statistics.mjs";
import { table } from "./lib/table.mjs";
import { usualBytes } from "./lib/usual-limits.mjs";

const options = commandLine();
const { depth, sizes, patterns } = options;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const adapterNames = [
  "c",
  "hostmq-posix",
  "hostmq-sysv",
  "unix-socket",
  "child-process",
  "zeromq",
  "node-ipc",
  "svmq",
  "worker-threads",
];
const tooLong = 60_000;
/** Of a new System V queue, in the namespace that we are in. */
const mostBytes = Number(readFileSync("/proc/sys/kernel/msgmnb", "utf8"));
/** Sockets of competitors lie here; not all of them remove theirs. */
const sockets = mkdtempSync(join(tmpdir(), "bench-"));
process.once("exit", () => {
  rmSync(sockets, { recursive: true });
});

if (options.from !== undefined) {
  const results = JSON.parse(readFileSync(options.from, "utf8"));
  show(results);
  compare(results);
  process.exit();
}
if (depth > 10 && !options["in-namespace"]) enterNamespace();
buildC();
const competitors = await load();
const cells = plan();
console.log(`${cells.length} cells, ${options.rounds} rounds, load ${loadavg()[0].toFixed(1)}`);
for (let round = 0; round < options.rounds; round++) {
  // What waiting costs hardly varies: once is enough.
  for (const cell of cells) {
    if (cell.limit === undefined && (round === 0 || cell.work !== "idle")) await measure(cell);
  }
  console.log(`round ${round + 1}: load ${loadavg()[0].toFixed(1)}`);
  // A long run that is stopped leaves the rounds that it has done.
  save(collected(round + 1));
}
await finish();

/**
 * The default limits allow ten messages, or 16 KiB of them; in a namespace of our own they are ours to raise. Root without
 * CAP_SYS_RESOURCE, as in a container, cannot raise RLIMIT_MSGQUEUE: what is over that fails by itself, and smaller cells go on.
 */
function enterNamespace() {
  const script = `echo ${depth} >/proc/sys/fs/mqueue/msg_max &&
    echo ${Math.max(usualBytes, depth * Math.max(...sizes))} >/proc/sys/kernel/msgmnb &&
    { ulimit -q unlimited 2>/dev/null || ulimit -q "$(ulimit -H -q)"; } && exec "$@"`;
  const command = [process.execPath, ...process.argv.slice(1), "--in-namespace"];
  const { status } = spawnSync("unshare", ["--ipc", "bash", "-c", script, "bash", ...command], { stdio: "inherit" });
  process.exit(status ?? 1);
}

function buildC() {
  mkdirSync(here("build"), { recursive: true });
  for (const family of ["posix", "sysv"]) {
    execFileSync("cc", ["-O2", "-Wall", "-Wextra", "-o", here(`build/${family}`), here(`c/${family}.c`), "-lrt"]);
  }
}

async function load() {
  const found = [];
  for (const name of adapterNames) {
    try {
      const { default: adapter } = await import(`./adapters/${name}.mjs`);
      for (const [mode, properties] of Object.entries(adapter.modes))
        found.push({ adapter, name, mode, ...properties });
    } catch (error) {
      console.log(`${name} is left out: ${error.message.split("\n")[0]}`);
    }
  }
  return found;
}

/** What is measured: every competitor in every work that it can do, C of the same family first. */
function plan() {
  const planned = [];
  const add = (work, size, how) => {
    for (const family of ["posix", "sysv"]) {
      for (const competitor of competitors) {
        const c = competitor.name === "c";
        const works = c ? ["pair", "batch", "drain", "oneway", "pingpong"] : [...competitor.works, "idle"];
        if (competitor.family !== family || !works.includes(work)) continue;
        const over = size > (competitor.largest ?? Infinity);
        // A blocked thread uses nothing, and who starts the other process cannot wait alone.
        if (work === "idle" && (competitor.receiver === undefined || competitor.starts || competitor.mode === "sync"))
          continue;
        const id = `${work}${how.pinned ?? ""}/${size}/${competitor.name}.${competitor.mode}`;
        const limit = over ? `${competitor.label} takes at most ${competitor.largest} bytes` : undefined;
        planned.push({
          id,
          work,
          size,
          ...how,
          competitor,
          family,
          limit,
          values: [],
          cpus: [],
          ratios: [],
          cpuRatios: [],
        });
      }
    }
  };
  for (const size of sizes) {
    add("pair", size, { count: 300_000, burst: 1 });
    add("batch", size, { count: 300_000, burst: Math.min(64, depth) });
    add("drain", size, { count: 300_000, burst: depth });
    add("oneway", size, { count: size > 1000 ? 60_000 : 200_000, cpuOf: [0, 1] });
    add("pingpong", size, { count: 40_000, pinned: " one core", cpuOf: [0, 0] });
    if (cpus().length > 1) add("pingpong", size, { count: 40_000, pinned: " two cores", cpuOf: [0, 1] });
  }
  add("idle", 16, { count: 1 });
  const kept = planned.filter(({ id }) => patterns?.some((pattern) => id.includes(pattern)) ?? true);
  // Without C of the same work and family there is nothing to relate to.
  return planned.filter(
    (cell) =>
      kept.includes(cell) ||
      (cell.competitor.name === "c" &&
        kept.some((other) => other.work === cell.work && other.size === cell.size && other.pinned === cell.pinned)),
  );
}

async function measure(cell) {
  const { work, size, competitor, family, cpuOf } = cell;
  // Bytes limit a System V queue: more would never fit.
  const room = Math.min(mostBytes, Math.max(usualBytes, size * depth));
  const burst =
    family === "sysv" ? Math.min(cell.burst ?? 1, Math.floor(room / (size + (competitor.overhead ?? 0)))) : cell.burst;
  const count = Math.ceil(cell.count * (competitor.share ?? 1));
  const name = String(100_000_000 + Math.floor(Math.random() * 1e9));
  const parameters = [name, size, count, depth, burst ?? 1].map(String);
  try {
    const seen = await run(competitor, work, parameters, cpuOf);
    cell.values.push(seen.ns);
    cell.cpus.push(seen.cpu);
    const reference = cells.find(
      (other) =>
        other.work === work &&
        other.size === size &&
        other.pinned === cell.pinned &&
        other.family === family &&
        other.competitor.name === "c",
    );
    const base = reference?.values.length === cell.values.length ? reference : undefined;
    if (base === undefined) return;
    cell.ratios.push(seen.ns / base.values.at(-1));
    cell.cpuRatios.push(seen.cpu / base.cpus.at(-1));
  } catch (error) {
    cell.failure = error.message;
    console.log(`${cell.id}: ${error.message}`);
    spawnSync("ipcrm", ["-Q", name, "-Q", String(Number(name) + 1)]);
  }
}

async function run(competitor, work, parameters, cpuOf) {
  const [receiving, sending] = { oneway: ["receive", "send"], pingpong: ["echo", "ping"] }[work] ?? [];
  if (sending === undefined) {
    // A batch is a pair of many for C, and for the others a mode of their own.
    const { lines } = await start(competitor, work === "batch" ? "pair" : work, parameters, undefined).ended;
    return { ns: lines[0].ns, cpu: lines[0].cpu };
  }
  let server;
  if (competitor.starts !== true) {
    const otherEnd = competitor.otherEnd ?? { adapter: competitor.name, mode: competitor.mode };
    const end = competitors.find(({ name, mode }) => name === otherEnd.adapter && mode === otherEnd.mode);
    server = start(end, receiving, parameters, cpuOf[1]);
    await server.ready;
  }
  const client = start(competitor, sending, parameters, competitor.starts === true ? cpuOf.join(",") : cpuOf[0]);
  const results = [await client.ended, ...(server === undefined ? [] : [await server.ended])].flatMap(
    ({ lines }) => lines,
  );
  const timed = results.find(({ role }) => role === (work === "oneway" ? "receive" : "ping")) ?? results[0];
  const cpu = results.reduce((sum, line) => sum + line.cpu, 0);
  return { ns: timed.ns, cpu };
}

/** A process pinned to a core; resolves when it is ready, and when it has ended with its lines of JSON. */
function start(competitor, work, parameters, cpu) {
  const { adapter, name, mode } = competitor;
  const command = adapter.command?.(mode, work, parameters) ?? [
    process.execPath,
    here("lib/peer.mjs"),
    name,
    mode,
    work,
    ...parameters,
  ];
  const pinned = cpu === undefined ? command : ["taskset", "-c", String(cpu), ...command];
  const env = { ...process.env, TMPDIR: sockets };
  const child = spawn(pinned[0], pinned.slice(1), { stdio: ["ignore", "pipe", "pipe"], env });
  const lines = [];
  let errors = "";
  child.stderr.on("data", (text) => (errors += text));
  const ended = new Promise((resolve, reject) => {
    const limit = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`${name} ${mode} ${work}: took too long`));
    }, tooLong);
    child.on("close", (code) => {
      clearTimeout(limit);
      if (code === 0 && lines.length > 0) resolve({ lines });
      else
        reject(
          new Error(
            `${name} ${mode} ${work}: ${errors.trim().split("\n").slice(0, 6).join(" | ") || `ended with ${code}`}`,
          ),
        );
    });
  });
  ended.catch(() => undefined);
  const ready = new Promise((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => {
      if (line === "ready") resolve();
      else lines.push({ role: work, ...JSON.parse(line) });
    });
    ended.catch(reject);
  });
  ready.catch(() => undefined);
  return { ready, ended };
}

function collected(rounds) {
  return {
    at: new Date().toISOString(),
    host: { cpu: cpus()[0].model, cores: cpus().length, kernel: release(), arch: arch(), node: process.version },
    load: loadavg(),
    rounds,
    depth,
    cells: cells
      .filter(({ values }) => values.length > 0)
      .map(({ id, work, size, pinned, family, competitor, values, cpus: cpuTimes, ratios, cpuRatios }) => ({
        id,
        work: `${work}${pinned ?? ""}`,
        size,
        family,
        competitor: competitor.label,
        ns: quartiles(values),
        cpu: quartiles(cpuTimes),
        ratio: ratios.length > 0 ? quartiles(ratios) : undefined,
        cpuRatio: cpuRatios.length > 0 ? quartiles(cpuRatios) : undefined,
      })),
    limits: [...new Set(cells.flatMap(({ limit }) => limit ?? []))],
    failed: cells.filter(({ failure }) => failure !== undefined).map(({ id, failure }) => ({ id, failure })),
  };
}

async function finish() {
  const results = collected(options.rounds);
  const wants = (part) => patterns?.includes(part) ?? true;
  if (wants("codecs")) results.codecs = codecRatios();
  if (wants("scaling")) {
    results.scaling = scaling();
    results.memory = memory();
    results.import = importTime();
  }
  show(results);
  compare(results);
}

function compare(results) {
  if (options.compare === undefined) return;
  const found = slower(JSON.parse(readFileSync(options.compare, "utf8")), results);
  for (const line of found) console.log(line);
  if (found.length > 0) process.exitCode = 1;
}

function save(results) {
  mkdirSync(options.out, { recursive: true });
  writeFileSync(`${options.out}/results.json`, `${JSON.stringify(results, null, 1)}\n`);
}

function show(results) {
  const [tables, image] = [table(results), chart(results)];
  save(results);
  writeFileSync(`${options.out}/performance.svg`, image);
  writeFileSync(`${options.out}/performance.md`, tables);
  console.log(tables);
  if (options.docs) writeDocs(results, tables, image);
}
