/**
 * The C functions of `mqueue.h` and `sys/msg.h` and their constants, under their C names and with C's semantics.
 *
 * @module hostmq/sys
 */
export * from "./constants.js";
export { ftok } from "../sysv/ftok.js";
export type { Body, IpcPerm, Msginfo, MsqidDs } from "../native.js";
export {
  mq_close,
  mq_getattr,
  mq_open,
  mq_receive,
  mq_send,
  mq_setattr,
  mq_timedreceive,
  mq_timedsend,
  mq_unlink,
} from "./mqueue.js";
export type { MqAttr, MqReceived, Timespec } from "./mqueue.js";
export { mq_notify } from "./mq_notify.js";
export type { Sigevent } from "./mq_notify.js";
export { msgctl, msgget, msgrcv, msgsnd } from "./msg.js";
export type { MsginfoResult, MsgReceived, MsqidDsResult, MsqidSet } from "./msg.js";
