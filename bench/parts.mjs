// What the parts of a receive cost that are JavaScript's: node bench/parts.mjs. Nanoseconds, medians of rounds that alternate.
import { median } from "./lib/statistics.mjs";

const times = 200_000;
const memory = new ArrayBuffer(64 * 1024);
const ByClass = Buffer[Symbol.species];
// Where the compiler cannot see that nobody looks at it.
let kept;

const parts = {
  "a Buffer over memory that is there, by its class": (count) => {
    for (let i = 0; i < count; i++) kept = new ByClass(memory, (i * 256) & 32_767, 256);
  },
  "the same by Buffer.from": (count) => {
    for (let i = 0; i < count; i++) kept = Buffer.from(memory, (i * 256) & 32_767, 256);
  },
  "a promise that is resolved, and awaited": async (count) => {
    for (let i = 0; i < count; i++) kept = await Promise.resolve({ body: i });
  },
};

const measured = Object.fromEntries(Object.keys(parts).map((name) => [name, []]));
for (let round = -3; round < 15; round++) {
  for (const [name, run] of Object.entries(parts)) {
    const start = performance.now();
    await run(times);
    if (round >= 0) measured[name].push(((performance.now() - start) * 1e6) / times);
  }
}
for (const [name, values] of Object.entries(measured))
  console.log(`${median(values).toFixed(0).padStart(4)} ns  ${name}`);
if (kept === undefined) process.exitCode = 1;
