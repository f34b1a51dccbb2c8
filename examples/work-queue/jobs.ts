/** What both programs of the example agree on. */
import { json, PosixQueue } from "hostmq";

export interface Job {
  id: number;
  task: string;
}

/** The queue's name can be given as the first argument. */
export const name = process.argv[2] ?? "/hostmq-example-jobs";

/** Whichever program comes first creates the queue. */
export function openJobs(): PosixQueue<Job> {
  return PosixQueue.openOrCreate(name, { codec: json<Job>(), maxMessages: 8, maxMessageSize: 256 });
}
