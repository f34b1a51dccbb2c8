// How costs grow with the number of queues, consumers and pending receives; memory; start-up time.
import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { median, quartiles } from "./statistics.mjs";

const built = (name) => fileURLToPath(new URL(`../build/${name}`, import.meta.url));
const peer = fileURLToPath(new URL("scaling-peer.mjs", import.meta.url));
const curves = [
  { what: "queues", title: "queues waited on by one process, a message to each in turn", counts: [1, 10, 100, 1000] },
  { what: "idle", title: "queues waited on by one process, all messages to one", counts: [1, 10, 100, 1000] },
  { what: "consumers", title: "processes that compete for one queue", counts: [1, 2, 4, 8] },
  { what: "pending", title: "pending receives of one handle", counts: [1, 10, 100] },
];
/** A System V queue waited on takes a thread. */
const waitingReceives = { posix: 1000, sysv: 1000 };
const families = { posix: "POSIX", sysv: "System V" };

/** In an IPC namespace of its own where the system allows it: a thousand queues are more than the default limit. */
function inPeer(...words) {
  // On one core, but for consumers that compete: a wake across two costs twice, and the scheduler would choose by the run.
  const pinned = words[0] === "consumers" ? [] : ["taskset", "-c", "0"];
  const command = [...pinned, process.execPath, "--expose-gc", peer, ...words.map(String)];
  const script = 'echo 2000 >/proc/sys/fs/mqueue/queues_max; exec "$@"';
  const alone = spawnSync("unshare", ["--ipc", "bash", "-c", script, "bash", ...command], { encoding: "utf8" });
  if (alone.status === 0) return JSON.parse(alone.stdout);
  return JSON.parse(execFileSync(command[0], command.slice(1), { encoding: "utf8" }));
}

/** The points of every curve take turns, so that a machine that is busy for a while is busy for all; medians of the rounds. */
export function scaling(rounds = 3) {
  const points = curves.flatMap(({ what, title, counts }) =>
    Object.keys(families).flatMap((family) =>
      counts.map((count) => ({ what, family, count, curve: `${families[family]}: ${title}`, us: [], cpu: [] })),
    ),
  );
  for (let round = 0; round < rounds; round++) {
    for (const point of points) {
      try {
        const { us, cpu } = inPeer(point.what, point.family, point.count);
        point.us.push(us);
        point.cpu.push(cpu);
      } catch (error) {
        console.log(`${point.family} ${point.what} ${point.count}: ${error.message.split("\n")[0]}`);
      }
    }
  }
  return points
    .filter(({ us }) => us.length > 0)
    .map(({ curve, count, us, cpu }) => ({ curve, count, us: median(us), cpu: median(cpu) }));
}

export function memory() {
  return Object.keys(families).flatMap((family) => {
    const { handle, receive, idle } = inPeer("memory", family, waitingReceives[family]);
    const name = families[family];
    return [
      { what: `${name}: heap of an open handle`, figure: handle, unit: "bytes" },
      { what: `${name}: heap of a waiting receive`, figure: receive, unit: "bytes" },
      {
        what: `${name}: CPU time of a second with ${waitingReceives[family]} waiting receives`,
        figure: idle,
        unit: "microseconds",
      },
    ];
  });
}

/**
 * Milliseconds of wall clock and of CPU of a first import, over an empty module, as medians of paired differences: each process
 * imports one of the two, in turns, and who goes first changes from round to round.
 */
export function importTime(rounds = 31) {
  const files = { empty: built("empty.mjs"), hostmq: fileURLToPath(new URL("../../dist/index.js", import.meta.url)) };
  writeFileSync(files.empty, "export {};\n");
  const differences = { wall: [], cpu: [] };
  // The first round brings the files into memory.
  for (let round = -1; round < rounds; round++) {
    const order = round % 2 === 0 ? ["empty", "hostmq"] : ["hostmq", "empty"];
    const times = Object.fromEntries(order.map((name) => [name, oneImport(files[name])]));
    if (round < 0) continue;
    for (const clock of ["wall", "cpu"]) differences[clock].push(times.hostmq[clock] - times.empty[clock]);
  }
  return { wall: quartiles(differences.wall), cpu: quartiles(differences.cpu) };
}

function oneImport(file) {
  const code = `const [start, before] = [performance.now(), process.cpuUsage()]; await import(${JSON.stringify(file)});
    const wall = performance.now() - start, { user, system } = process.cpuUsage(before);
    console.log(JSON.stringify({ wall, cpu: (user + system) / 1000 }));`;
  return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" }));
}
