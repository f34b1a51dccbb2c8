/** Takes jobs, one at a time, until Ctrl-C. Start as many as you like: each job goes to one of them. */
import { setTimeout as sleep } from "node:timers/promises";
import { openJobs } from "./jobs.js";

const stopping = new AbortController();
process.once("SIGINT", () => {
  stopping.abort();
});

using jobs = openJobs();
console.log("waiting for jobs");
try {
  for await (const { body: job } of jobs.messages({ signal: stopping.signal })) {
    await sleep(20);
    console.log(`did job ${job.id} (${job.task})`);
  }
} catch (error) {
  if (!stopping.signal.aborted) throw error;
  console.log("stopped; what is left waits in the queue");
}
