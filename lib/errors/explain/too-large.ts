import { isLinux, sysvLimits } from "../../limits.js";
import type { HostKind } from "../../limits.js";
import type { CallDetails } from "../call-details.js";
import type { Explanation } from "../row.js";
import { sysvLimitWords } from "../system-limits.js";
import { action } from "../words.js";

function message(length: number | undefined): string {
  return length === undefined ? "the message" : `the message of ${length} bytes`;
}

/** EMSGSIZE of a send: the queue's own mq_msgsize. */
export function overMessageSize(call: string, details: CallDetails): Explanation {
  const { length, maxMessageSize } = details;
  const limit =
    maxMessageSize === undefined ? "the queue's mq_msgsize" : `the queue's mq_msgsize of ${maxMessageSize} bytes`;
  return {
    what: `cannot ${action(call, details)}: ${message(length)} is over ${limit}`,
    hint: "Send less, or create the queue anew with a larger maxMessageSize: an existing queue's cannot change.",
  };
}

/** EMSGSIZE of a receive: the caller's buffer. */
export function bufferUnderMessageSize(call: string, details: CallDetails): Explanation {
  const { room, maxMessageSize } = details;
  const has = room === undefined ? "the buffer" : `the buffer of ${room} bytes`;
  const needs =
    maxMessageSize === undefined ? "the queue's mq_msgsize" : `the queue's mq_msgsize of ${maxMessageSize} bytes`;
  return {
    what: `cannot ${action(call, details)}: ${has} is smaller than ${needs}, and the kernel asks for that much whatever the message's size; the message stays in the queue`,
    hint: `Give a buffer of at least ${maxMessageSize ?? "mq_msgsize"} bytes.`,
  };
}

/** Whether msgsnd's EINVAL is about the size. */
export function isOverMsgmax({ length }: CallDetails): boolean {
  const limit = sysvLimits().maxMessageSize;
  return length !== undefined && limit !== undefined && length > limit;
}

/** EINVAL of msgsnd for a message over kernel.msgmax. */
export function overMsgmax(details: CallDetails, host: HostKind): Explanation {
  const { name, raise } = sysvLimitWords("msgmax", host);
  const limit = sysvLimits().maxMessageSize;
  return {
    what: `cannot ${action("msgsnd", details)}: ${message(details.length)} is over ${name}${limit === undefined ? "" : ` = ${limit} bytes`}`,
    hint: `Send less, or ${raise(details.length ?? "N")}`,
  };
}

/** Whether the message is larger than the whole queue, so that no waiting helps. */
export function isOverQueueBytes({ length, maxBytes }: CallDetails): boolean {
  return length !== undefined && maxBytes !== undefined && length > maxBytes;
}

/** EAGAIN of msgsnd for a message that an empty queue would not take either. */
export function overQueueBytes(details: CallDetails, host: HostKind): Explanation {
  const { name } = sysvLimitWords("msgmnb", host);
  const privilege = isLinux(host) ? "with CAP_SYS_RESOURCE" : "as root";
  return {
    what: `cannot ${action("msgsnd", details)}: ${message(details.length)} is over the queue's msg_qbytes of ${details.maxBytes} bytes, so it would not fit an empty queue either`,
    hint: `Send less, or let the queue hold more: queue.configure({ maxBytes: ${details.length} }), above ${name} only ${privilege}.`,
  };
}

/** E2BIG of msgrcv: the message is larger than the caller's room. */
export function overRoom(details: CallDetails): Explanation {
  const { length, room } = details;
  return {
    what: `cannot ${action("msgrcv", details)}: ${message(length)} is over the ${room === undefined ? "room" : `${room} bytes of room`} given to it; it stays in the queue`,
    hint: "Give more room, or cut the message: { truncate: n } (MSG_NOERROR).",
  };
}
