/** Tells what a process sees of its user and its limits, as JSON. */
import { readdirSync, readFileSync } from "node:fs";

const mqueue = process.env.HOSTMQ_TEST_MQUEUE;
console.log(
  JSON.stringify({
    uid: process.getuid?.(),
    messageMaximum: Number(readFileSync("/proc/sys/fs/mqueue/msg_max", "utf8")),
    descriptors: Number(/Max open files +(\d+)/u.exec(readFileSync("/proc/self/limits", "utf8"))?.[1]),
    queues: mqueue === undefined ? undefined : readdirSync(mqueue),
  }),
);
