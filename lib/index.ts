export * from "./codec/index.js";
export {
  MessageDecodeError,
  MessagesInHandError,
  MessageTooLargeError,
  QueueClosedError,
  QueueError,
  QueueRemovedError,
  QueueTimeoutError,
} from "./errors/queue-error.js";
export type { DecodedMessage, QueueErrorFields, UndecodedMessage } from "./errors/queue-error.js";
export type { MessageIterator } from "./iteration.js";
export { MessageQueue } from "./message-queue.js";
export type { HandleOptions, Message, Received } from "./message-queue.js";
export type { Body } from "./native.js";
export type { PosixAttributes } from "./posix/descriptor.js";
export type { PosixQueueListing } from "./posix/listing.js";
export type { PosixMessage, PosixReceived, PosixReceiveOptions, PosixSendOptions } from "./posix/message.js";
export type { Access, PosixCreateOptions, PosixOpenOptions } from "./posix/options.js";
export { PosixQueue } from "./posix/queue.js";
export { ftok } from "./sysv/ftok.js";
export type { SysVMessage, SysVReceived, SysVReceiveOptions, SysVSelector, SysVSendOptions } from "./sysv/message.js";
export type { SysVConfiguration, SysVCreateOptions, SysVOpenOptions } from "./sysv/options.js";
export { SysVQueue } from "./sysv/queue.js";
export type { SysVStatus } from "./sysv/status.js";
export type { DecodeErrorPolicy, IterationOptions, SyncWaitOptions, WaitOptions } from "./wait-options.js";
