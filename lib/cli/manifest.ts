import type { Command } from "./command.js";

interface Entry {
  readonly summary: string;
  load(): Promise<Command>;
}

// Summaries are here and not only in the commands, so that the list of commands loads none of them.
export const commands: Readonly<Record<string, Entry>> = {
  ls: { summary: "list the queues of this host", load: async () => (await import("./ls.js")).ls },
  stat: {
    summary: "show all that the kernel tells of a queue",
    load: async () => (await import("./stat.js")).stat,
  },
  create: { summary: "create queues", load: async () => (await import("./create.js")).create },
  rm: { summary: "remove queues", load: async () => (await import("./rm.js")).rm },
  set: { summary: "change mode, owner or size of queues", load: async () => (await import("./set.js")).set },
  send: { summary: "send messages", load: async () => (await import("./send.js")).send },
  receive: { summary: "receive messages", load: async () => (await import("./receive.js")).receive },
  peek: { summary: "look at messages without taking them", load: async () => (await import("./peek.js")).peek },
  request: {
    summary: "send a message and wait for the answer",
    load: async () => (await import("./request.js")).request,
  },
  purge: { summary: "throw away the messages of queues", load: async () => (await import("./purge.js")).purge },
  copy: {
    summary: "copy messages of a System V queue to another queue",
    load: async () => (await import("./copy.js")).copy,
  },
  move: { summary: "move messages to another queue", load: async () => (await import("./move.js")).move },
  dump: { summary: "write the messages of a queue to a file", load: async () => (await import("./dump.js")).dump },
  restore: {
    summary: "send the messages of a dump to a queue",
    load: async () => (await import("./restore.js")).restore,
  },
  trigger: {
    summary: "run a program when a queue needs one",
    load: async () => (await import("./trigger.js")).trigger,
  },
  watch: {
    summary: "log depth, rates and waiting times of queues, line by line",
    load: async () => (await import("./watch.js")).watch,
  },
  top: { summary: "a live screen of the busiest queues", load: async () => (await import("./top.js")).top },
  doctor: { summary: "check this host's limits and obstacles", load: async () => (await import("./doctor.js")).doctor },
  build: {
    summary: "compile the addon, where no prebuilt file fits",
    load: async () => (await import("./build.js")).build,
  },
  run: { summary: "run a program in an IPC namespace of its own", load: async () => (await import("./run.js")).run },
  codegen: {
    summary: "write TypeScript for the structs of C headers",
    load: async () => (await import("./codegen.js")).codegen,
  },
  completion: {
    summary: "write the completions of a shell",
    load: async () => (await import("./completion.js")).completion,
  },
};
