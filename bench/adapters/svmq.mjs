import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";

const open = ({ name }, index) => createRequire(import.meta.url)("svmq").open(Number(name) + index, 0o600);
const remove = (context, index) => execFileSync("ipcrm", ["-Q", String(Number(context.name) + index)]);
const pushed = (queue, body) =>
  new Promise((resolve, reject) => {
    queue.push(body, (error) => (error ? reject(error) : resolve()));
  });
const popped = (queue) =>
  new Promise((resolve, reject) => {
    queue.pop((error, body) => (error ? reject(error) : resolve(body)));
  });

export default {
  modes: {
    callback: {
      label: "svmq",
      family: "sysv",
      // Each call is a job for a thread of the pool: a tenth of the messages tells as much.
      share: 0.1,
      works: ["pair", "oneway", "pingpong"],
      local(context) {
        const queue = open(context, 0);
        return {
          async send(messages) {
            for (let i = 0; i < messages; i++) await pushed(queue, context.body);
          },
          async receive(messages) {
            for (let i = 0; i < messages; i++) await popped(queue);
          },
          end: () => remove(context, 0),
        };
      },
      async receiver(context, ready, warm, finished) {
        const queue = open(context, 0);
        ready();
        for (let i = 0; i < context.count; i++) {
          if (i === context.warmUp) warm();
          await popped(queue);
        }
        finished();
        remove(context, 0);
      },
      sender(context) {
        const queue = open(context, 0);
        return {
          async all() {
            for (let i = 0; i < context.count; i++) await pushed(queue, context.body);
          },
        };
      },
      async echo(context, ready, finished) {
        const [incoming, outgoing] = [open(context, 0), open(context, 1)];
        ready();
        for (let i = 0; i < context.count; i++) await pushed(outgoing, await popped(incoming));
        finished();
      },
      pinger(context) {
        const [outgoing, incoming] = [open(context, 0), open(context, 1)];
        return {
          async trip() {
            await pushed(outgoing, context.body);
            await popped(incoming);
          },
          end: () => (remove(context, 0), remove(context, 1)),
        };
      },
      abandon: (context) => remove(context, 0),
    },
  },
};
