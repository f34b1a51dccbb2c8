// How costs grow with the number of queues, consumers and pending receives; memory; start-up time.
import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { median } from "./statistics.mjs";

const peer = fileURLToPath(new URL("scaling-peer.mjs", import.meta.url));
const curves = [
  { what: "queues", title: "queues waited on by one process", counts: [1, 10, 100, 1000] },
  { what: "consumers", title: "processes that compete for one queue", counts: [1, 2, 4, 8] },
  { what: "pending", title: "pending receives of one handle", counts: [1, 10, 100] },
];
const families = { posix: "POSIX", sysv: "System V" };

/** In an IPC namespace of its own where the system allows it: a thousand queues are more than the default limit. */
function inPeer(...words) {
  const command = [process.execPath, "--expose-gc", peer, ...words.map(String)];
  const script = 'echo 2000 >/proc/sys/fs/mqueue/queues_max; exec "$@"';
  const alone = spawnSync("unshare", ["--ipc", "bash", "-c", script, "bash", ...command], { encoding: "utf8" });
  if (alone.status === 0) return JSON.parse(alone.stdout);
  return JSON.parse(execFileSync(command[0], command.slice(1), { encoding: "utf8" }));
}

export async function scaling() {
  return curves.flatMap(({ what, title, counts }) =>
    Object.keys(families).flatMap((family) =>
      counts.flatMap((count) => {
        try {
          return [{ curve: `${families[family]}: ${title}`, count, us: inPeer(what, family, count).us }];
        } catch (error) {
          console.log(`${family} ${what} ${count}: ${error.message.split("\n")[0]}`);
          return [];
        }
      }),
    ),
  );
}

export async function memory() {
  return Object.keys(families).flatMap((family) => {
    const { handle, receive } = inPeer("memory", family, 200);
    return [
      { what: `${families[family]}: heap of an open handle`, bytes: handle },
      { what: `${families[family]}: heap of a waiting receive`, bytes: receive },
    ];
  });
}

export async function importTime() {
  const empty = fileURLToPath(new URL("../build/empty.mjs", import.meta.url));
  writeFileSync(empty, "export {};\n");
  const hostmq = fileURLToPath(new URL("../../dist/index.js", import.meta.url));
  const time = (file) => {
    const code = `const s = performance.now(); await import(${JSON.stringify(file)}); console.log(performance.now() - s)`;
    const args = ["--input-type=module", "-e", code];
    return Number(execFileSync(process.execPath, args, { encoding: "utf8" }));
  };
  const times = { empty: [], hostmq: [] };
  for (let round = 0; round < 15; round++) {
    times.empty.push(time(empty));
    times.hostmq.push(time(hostmq));
  }
  return { ms: median(times.hostmq) - median(times.empty) };
}
