/**
 * Reaches steps and ends: `steps.child.js main ENDING STAGES`, or `steps.child.js worker - STAGES`, which does so in one worker
 * for each way in which a worker can end, and in the end takes one along that still lives. STAGES is JSON.
 */
import { readdirSync } from "node:fs";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { reachStep, type Stage } from "./steps.js";

interface Task {
  readonly ending: string;
  readonly stages: readonly Stage[];
}

async function reachAndEnd({ ending, stages }: Task): Promise<void> {
  const letGo: (() => void)[] = [];
  for (const stage of stages) letGo.push(await reachStep(stage));
  if (isMainThread) console.log("reached");
  else parentPort?.postMessage("reached");
  switch (ending) {
    case "natural":
      for (const each of letGo) each();
      return;
    case "exit":
      process.exit(0);
      break;
    case "throw":
      setImmediate(() => {
        throw new Error("on purpose");
      });
      return;
    default:
      // The other side ends us.
      setInterval(() => undefined, 1000);
  }
}

/** How the worker ended; rejects when it did not say that it reached the step. */
async function runWorker(task: Task): Promise<{ code: number; error: string | undefined }> {
  let reached = false;
  let error: string | undefined;
  const worker = new Worker(new URL(import.meta.url), { workerData: task });
  worker.on("message", () => {
    reached = true;
    if (task.ending === "terminate") void worker.terminate();
  });
  worker.on("error", (thrown: Error) => {
    error = thrown.message;
  });
  const code = await new Promise<number>((resolve) => worker.once("exit", resolve));
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the listener sets it
  if (!reached) throw new Error(`the worker did not get there: ${String(error)}`);
  return { code, error };
}

function held(): { descriptors: number; threads: number } {
  return { descriptors: readdirSync("/proc/self/fd").length, threads: readdirSync("/proc/self/task").length };
}

function insist(condition: boolean, complaint: string): void {
  if (!condition) throw new Error(complaint);
}

/** What is expected of each end of a worker: its exit code, and the error that it dies of. */
const ends = [
  { ending: "natural", code: 0, error: undefined },
  { ending: "exit", code: 0, error: undefined },
  { ending: "throw", code: 1, error: "on purpose" },
  { ending: "terminate", code: 1, error: undefined },
];

async function endWorkers(stages: readonly Stage[]): Promise<void> {
  // The first one leaves behind what the runtime keeps for all that follow.
  await runWorker({ ending: "terminate", stages });
  const before = held();
  for (const { ending, ...expected } of ends) {
    const ended = await runWorker({ ending, stages });
    insist(ended.code === expected.code && ended.error === expected.error, `${ending}: ${JSON.stringify(ended)}`);
    // The kernel takes a thread out of the list a moment after it was joined.
    for (let patience = 100; patience > 0 && held().threads > before.threads; patience--) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const after = held();
    insist(
      after.descriptors <= before.descriptors,
      `${ending}: ${after.descriptors} descriptors of ${before.descriptors}`,
    );
    insist(after.threads <= before.threads, `${ending}: ${after.threads} threads of ${before.threads}`);
  }
  const last = new Worker(new URL(import.meta.url), { workerData: { ending: "none", stages } });
  last.once("message", () => {
    process.exit(0);
  });
}

if (isMainThread) {
  const [place, ending = "", json = ""] = process.argv.slice(2);
  const stages = JSON.parse(json) as Stage[];
  if (place === "main") await reachAndEnd({ ending, stages });
  else await endWorkers(stages);
} else {
  await reachAndEnd(workerData as Task);
}
