/** `only-in-workers.child.js KEY`: 40 workers load the addon one after the other. Says which signals are handled. */
import { handledSignals, startWorker } from "./workers.js";

/** More than there are real-time signals. */
const workers = 40;
const key = Number(process.argv[2]);
for (let number = 0; number < workers; number++) {
  const { exited } = await startWorker({ act: "abort", key });
  await exited;
  if (number === 0) console.log(handledSignals());
}
console.log(handledSignals());
