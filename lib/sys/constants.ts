import { constants } from "node:fs";
import { native } from "../native.js";

/** Open for receiving only: mq_open(3). */
export const O_RDONLY = constants.O_RDONLY;
/** Open for sending only: mq_open(3). */
export const O_WRONLY = constants.O_WRONLY;
/** Open for both: mq_open(3). */
export const O_RDWR = constants.O_RDWR;
/** Create the queue where it does not exist: mq_open(3). */
export const O_CREAT = constants.O_CREAT;
/** With `O_CREAT`: fail with `EEXIST` where the queue exists. */
export const O_EXCL = constants.O_EXCL;
/** Calls that would wait fail with `EAGAIN`: mq_open(3), mq_setattr(3). */
export const O_NONBLOCK = constants.O_NONBLOCK;
/** Close the descriptor when another program is executed; always set here. */
export const O_CLOEXEC = native.oCloexec;
/** One more than the highest priority: sysconf(_SC_MQ_PRIO_MAX). */
export const MQ_PRIO_MAX = native.mqPriorityMax();

// The values are this system's; the types are Linux's, so that the kinds of a Sigevent can be told apart.

/** Send the signal `sigev_signo`: sigevent(7). */
export const SIGEV_SIGNAL = native.sigevSignal as 0;
/** Register without being told: sigevent(7). */
export const SIGEV_NONE = native.sigevNone as 1;
/** Call `sigev_notify_function`: sigevent(7). */
export const SIGEV_THREAD = native.sigevThread as 2;

export {
  IPC_CREAT,
  IPC_EXCL,
  IPC_INFO,
  IPC_NOWAIT,
  IPC_PRIVATE,
  IPC_RMID,
  IPC_SET,
  IPC_STAT,
  MSG_COPY,
  MSG_EXCEPT,
  MSG_INFO,
  MSG_NOERROR,
  MSG_STAT,
  MSG_STAT_ANY,
} from "../msg-constants.js";
