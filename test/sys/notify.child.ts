/** A process that registers with mq_notify: `notify.child.js STEP… NAME`, each step told by a line. Ends by itself. */
import { mq_close, mq_notify, mq_open, O_RDONLY, SIGEV_NONE, SIGEV_THREAD } from "hostmq/sys";

const steps = process.argv.slice(2, -1);
const queue = mq_open(process.argv.at(-1) ?? "", O_RDONLY);
const actions: Record<string, () => void> = {
  none: () => {
    mq_notify(queue, { sigev_notify: SIGEV_NONE });
  },
  thread: () => {
    mq_notify(queue, {
      sigev_notify: SIGEV_THREAD,
      sigev_value: 42,
      sigev_notify_function: (value) => {
        console.log(`called ${value}`);
      },
    });
  },
  remove: () => {
    mq_notify(queue, null);
  },
  close: () => {
    mq_close(queue);
  },
  stay: () => {
    process.stdin.resume();
  },
};
for (const step of steps) {
  try {
    actions[step]?.();
    console.log(step);
  } catch (error) {
    console.log(`${step} ${(error as NodeJS.ErrnoException).code}`);
  }
}
