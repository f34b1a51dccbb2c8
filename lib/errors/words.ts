import { constants } from "node:fs";
import { IPC_CREAT } from "../msg-constants.js";
import type { CallDetails } from "./call-details.js";

/** The queue as a person calls it, or undefined where nothing is known of it. */
export function queueLabel(details: CallDetails): string | undefined {
  if (details.queue !== undefined) return details.queue;
  if (details.name !== undefined) return details.name;
  if (details.key !== undefined) return details.key === 0 ? "IPC_PRIVATE" : keyLabel(details.key);
  if (details.id !== undefined) return `id ${details.id}`;
  if (details.descriptor !== undefined) return `descriptor ${details.descriptor}`;
  return undefined;
}

/** A System V key as `ipcs` writes it. */
export function keyLabel(key: number): string {
  return `key 0x${hexDigits(key)}`;
}

/** The digits of a System V key, which is unsigned wherever it is written in hexadecimal. */
export function hexDigits(key: number): string {
  return (key >>> 0).toString(16);
}

/** The POSIX name, also where only the label tells it. */
export function queueName({ name, queue }: CallDetails): string | undefined {
  return name ?? (queue?.startsWith("/") ? queue : undefined);
}

/** The queue inside a sentence: names in quotes, `key …` and `id …` bare. */
export function subject(details: CallDetails): string {
  return inSentence(queueLabel(details)) ?? "the queue";
}

/** A label inside a sentence; control characters and quotes of a name come out escaped. */
export function inSentence(label: string): string;
export function inSentence(label: string | undefined): string | undefined;
export function inSentence(label: string | undefined): string | undefined {
  if (label === undefined) return undefined;
  return /^(key|id|descriptor) \S+$|^IPC_PRIVATE$/.test(label) ? label : JSON.stringify(clip(label));
}

function clip(label: string): string {
  return label.length <= 300 ? label : `${label.slice(0, 300)}…`;
}

/** `1 message`, `3 messages`. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : noun.endsWith("s") ? "es" : "s"}`;
}

/** Permission bits as `ls` and `ipcs` write them. */
export function octal(mode: number): string {
  return `0${mode.toString(8).padStart(3, "0")}`;
}

/** Whether mq_open was asked to create. */
export function creates(details: CallDetails): boolean {
  return details.oflag !== undefined && (details.oflag & constants.O_CREAT) !== 0;
}

const actions: Record<string, string> = {
  mq_close: "close",
  mq_unlink: "unlink",
  mq_send: "send to",
  mq_timedsend: "send to",
  mq_receive: "receive from",
  mq_timedreceive: "receive from",
  mq_getattr: "read the attributes of",
  mq_setattr: "set the flags of",
  mq_notify: "register for notification on",
  fchmod: "set the mode of",
  fchown: "change the owner of",
  msgsnd: "send to",
  msgrcv: "receive from",
  epoll_create1: "wait for",
  eventfd: "wait for",
  epoll_ctl: "wait for",
  epoll_wait: "wait for",
  ppoll: "wait for",
  pthread_create: "start a waiting thread for",
  sigaction: "start a waiting thread for",
  timer_create: "keep the timeout on",
  timer_settime: "keep the timeout on",
  socket: "register for notification on",
  fcntl: "take over",
};

/** What was tried, as it reads after "cannot": `create "/jobs"`. */
export function action(syscall: string, details: CallDetails): string {
  const what = subject(details);
  switch (syscall) {
    case "mq_open":
      return `${creates(details) ? "create" : "open"} ${what}`;
    case "msgget":
      return `${((details.flags ?? 0) & IPC_CREAT) !== 0 || details.key === 0 ? "create" : "open"} ${what}`;
    case "ftok":
      return `make a key from ${details.path === undefined ? "the path" : JSON.stringify(clip(details.path))}`;
    case "msgctl":
      return `${controlAction(details.command)} ${what}`;
    default:
      return `${actions[syscall] ?? `do ${syscall} on`} ${what}`;
  }
}

function controlAction(command: string | undefined): string {
  switch (command) {
    case "IPC_RMID":
      return "remove";
    case "IPC_SET":
      return "configure";
    case undefined:
      return "control";
    default:
      return "read the status of";
  }
}
