/** When a program is inside of a blocking call. */
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

const numbers: Record<string, Record<string, number>> = {
  x64: { mq_timedreceive: 243, mq_timedsend: 242, msgrcv: 70, msgsnd: 69 },
  arm64: { mq_timedreceive: 183, mq_timedsend: 182, msgrcv: 188, msgsnd: 189 },
};
const longest = 20_000;

/** Waits until a thread (the main one by default) sleeps in a system call; where that cannot be seen, for a while. */
export async function blockedIn(
  call: "mq_timedreceive" | "mq_timedsend" | "msgrcv" | "msgsnd",
  pid: number,
): Promise<void> {
  const number = numbers[process.arch]?.[call];
  const end = Date.now() + longest;
  while (Date.now() < end) {
    await delay(10);
    try {
      if (readFileSync(`/proc/${pid}/syscall`, "utf8").startsWith(`${number} `)) return;
    } catch {
      await delay(500);
      return;
    }
  }
  throw new Error(`process ${pid} did not block in ${call}`);
}
