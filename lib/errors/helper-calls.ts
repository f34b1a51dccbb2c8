import type { Call } from "./row.js";

/** The calls that the addon makes on the way to another, in the order of `HelperCall` in native/result.h. */
const helperCalls: readonly Call[] = [
  "epoll_create1",
  "eventfd",
  "epoll_ctl",
  "epoll_wait",
  "pthread_create",
  "sigaction",
  "timer_create",
  "timer_settime",
  "ppoll",
  "socket",
  "fcntl",
  "mq_setattr",
];

/** Larger than any errno. */
const helperCallUnit = 4096;

/** What failed, from what the addon answered: the call that was asked for, or one that it had to make before that. */
export function failedCall(syscall: string, result: number): { syscall: string; errno: number } {
  const number = Math.abs(result);
  const helper = helperCalls[Math.floor(number / helperCallUnit) - 1];
  return { syscall: helper ?? syscall, errno: number % helperCallUnit };
}
