/** Puts jobs into the queue; where the queue is full it waits until a worker has taken one. */
import { openJobs } from "./jobs.js";

const amount = Number(process.argv[3] ?? 10);
using jobs = openJobs();

for (let id = 1; id <= amount; id += 1) {
  const urgent = id % 5 === 0;
  await jobs.send({ id, task: urgent ? "urgent" : "ordinary" }, { priority: urgent ? 10 : 0 });
  console.log(`submitted job ${id}`);
}
