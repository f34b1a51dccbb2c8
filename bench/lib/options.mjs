import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const usage = `usage: scripts/bench [options]

Measures hostmq beside C and beside other ways for two local processes to talk, in alternating rounds.

  --rounds N          alternating rounds (5)
  --only PATTERN,…    only cells whose id has one of these in it (pair/256/hostmq-posix), or scaling, codecs
  --sizes N,…         bytes of a message (16,256,4096,8192)
  --depth N           messages that a queue holds (10); more needs root, for an IPC namespace with higher limits
  --out FOLDER        where results.json, performance.md and performance.svg go (bench/build)
  --compare FILE      a saved results.json; ends with status 1 when a cell became slower than it
  --from FILE         measure nothing and take a saved results.json, also for --compare
  --docs              also write docs/performance.md, docs/performance.svg and the table in README.md
  --help              this text`;

/** The options of the command line; ends the process for --help and for what cannot be understood. */
export function commandLine() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        rounds: { type: "string", default: "5" },
        only: { type: "string" },
        sizes: { type: "string", default: "16,256,4096,8192" },
        depth: { type: "string", default: "10" },
        out: { type: "string", default: fileURLToPath(new URL("../build", import.meta.url)) },
        compare: { type: "string" },
        docs: { type: "boolean", default: false },
        from: { type: "string" },
        help: { type: "boolean", default: false },
        "in-namespace": { type: "boolean", default: false },
      },
    }));
  } catch (error) {
    refuse(error.message.split(". ")[0]);
  }
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  const [rounds, depth] = [whole("rounds", values.rounds), whole("depth", values.depth)];
  const sizes = values.sizes.split(",").map((size) => whole("sizes", size));
  return { ...values, rounds, depth, sizes, patterns: values.only?.split(",") };
}

function whole(name, text) {
  if (!/^[1-9]\d*$/.test(text)) refuse(`--${name} takes whole numbers above 0, not "${text}"`);
  return Number(text);
}

function refuse(reason) {
  console.error(`bench: ${reason}\n\n${usage}`);
  process.exit(2);
}
