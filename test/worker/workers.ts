/** Starts workers and sees what they leave in the process. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { Task } from "./worker.child.js";

const script = new URL("./worker.child.js", import.meta.url);

/** A worker that has said it is ready. */
export interface Ready {
  readonly worker: Worker;
  /** Its exit code; rejects with what it died of. */
  readonly exited: Promise<number>;
  /** What it says after "ready". */
  readonly said: Promise<unknown>;
}

export async function startWorker(workerData: Task): Promise<Ready> {
  const worker = new Worker(script, { workerData });
  const exited = new Promise<number>((resolve, reject) => {
    worker.once("error", reject);
    worker.once("exit", resolve);
  });
  exited.catch(() => undefined);
  const said = new Promise((resolve) => {
    worker.on("message", (message) => {
      if (message !== "ready") resolve(message);
    });
  });
  await Promise.race([
    new Promise((resolve) => worker.once("message", resolve)),
    exited.then((code) => {
      throw new Error(`the worker ended with ${code} before it was ready`);
    }),
  ]);
  return { worker, exited, said };
}

export function threads(): number {
  return readdirSync("/proc/self/task").length;
}

export function descriptors(): string[] {
  return readdirSync("/proc/self/fd").flatMap((descriptor) => {
    try {
      return [readlinkSync(`/proc/self/fd/${descriptor}`)];
    } catch {
      // The one through which the folder was read.
      return [];
    }
  });
}

/** Which signals the process handles, as the bits that the kernel shows. */
export function handledSignals(): string {
  return /^SigCgt:\s*(\w+)/mu.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "";
}

/** Waits, within reason, until it holds: the kernel forgets a thread a moment after it was joined. */
export async function eventually(holds: () => boolean): Promise<boolean> {
  for (let patience = 500; patience > 0 && !holds(); patience--) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return holds();
}
