import { checkBody, checkBuffer, checkInteger } from "../arguments.js";
import { failure } from "../errors/failure.js";
import { lastNumber, native } from "../native.js";
import type { Body } from "../native.js";
import { attributesOf } from "../posix/descriptor.js";
import { checkInt, checkLongField, checkObject, checkString, checkUnsigned } from "./arguments.js";
import { O_CREAT } from "./constants.js";

/** `struct mq_attr` of mq_getattr(3). */
export interface MqAttr {
  /** 0 or `O_NONBLOCK`. */
  mq_flags: number;
  /** The most messages that the queue holds. */
  mq_maxmsg: number;
  /** The longest message in bytes. */
  mq_msgsize: number;
  /** Messages in the queue at this moment. */
  mq_curmsgs: number;
}

/** `struct timespec`: a point in time on the wall clock (CLOCK_REALTIME), as in C. */
export interface Timespec {
  /** Seconds since 1970. */
  tv_sec: number;
  /** Nanoseconds within the second. */
  tv_nsec: number;
}

/** What `mq_receive` gives beside the bytes in the buffer. */
export interface MqReceived {
  /** Bytes of the message. */
  length: number;
  /** The message's priority. */
  priority: number;
}

const fields = new Float64Array(4);

/**
 * mq_open(3): opens a queue, with `O_CREAT` creates it.
 *
 * @param name - A slash and up to 255 bytes without another.
 * @param oflag - `O_RDONLY`, `O_WRONLY` or `O_RDWR`, with `O_CREAT`, `O_EXCL`, `O_NONBLOCK`.
 * @param mode - Permission bits with `O_CREAT` (default `0o600`); the umask takes bits away.
 * @param attr - Sizes with `O_CREAT`; the system's defaults without it.
 * @returns The descriptor; close-on-exec, and closed when this thread's environment ends.
 * @throws QueueError with the errno of mq_open(3).
 */
export function mq_open(
  name: string,
  oflag: number,
  mode = 0o600,
  attr?: Pick<MqAttr, "mq_maxmsg" | "mq_msgsize">,
): number {
  checkString("mq_open", "name", name);
  checkInt("mq_open", "oflag", oflag);
  checkUnsigned("mq_open", "mode", mode);
  let sizes: { maxMessages: number; maxMessageSize: number } | undefined;
  if (attr !== undefined) {
    const { mq_maxmsg, mq_msgsize } = checkObject("mq_open", "attr", attr);
    checkLongField("mq_open", "attr.mq_maxmsg", mq_maxmsg);
    checkLongField("mq_open", "attr.mq_msgsize", mq_msgsize);
    // Below 0 would ask for the defaults: 0 is refused by the kernel just the same.
    sizes = { maxMessages: Math.max(0, mq_maxmsg), maxMessageSize: mq_msgsize };
  }
  const descriptor = native.mqOpen(name, oflag, mode, sizes?.maxMessages ?? -1, sizes?.maxMessageSize ?? 0);
  if (descriptor >= 0) return descriptor;
  const created = (oflag & O_CREAT) === 0 ? {} : { mode, ...sizes };
  throw failure("mq_open", descriptor, { name, oflag, attributesOf, ...created });
}

/**
 * mq_close(3).
 *
 * @throws QueueError with code `EBADF` when the descriptor is not a queue's: unlike C's, this never closes anything else.
 */
export function mq_close(mqdes: number): void {
  checkInt("mq_close", "mqdes", mqdes);
  check("mq_close", mqdes, native.mqClose(mqdes));
}

/**
 * mq_unlink(3): removes the name; open descriptors keep the queue.
 *
 * @throws QueueError with code `ENOENT`, `EACCES` or `ENAMETOOLONG`.
 */
export function mq_unlink(name: string): void {
  checkString("mq_unlink", "name", name);
  const result = native.mqUnlink(name);
  if (result < 0) throw failure("mq_unlink", result, { name, attributesOf });
}

/**
 * mq_send(3): blocks this thread while the queue is full, unless the descriptor is `O_NONBLOCK`.
 *
 * @throws QueueError with code `EAGAIN` (full and `O_NONBLOCK`), `EBADF`, `EINTR`, `EINVAL` (priority); MessageTooLargeError
 * (`EMSGSIZE`).
 */
export function mq_send(mqdes: number, body: Body, priority = 0): void {
  checkInt("mq_send", "mqdes", mqdes);
  checkBody("mq_send", body);
  checkUnsigned("mq_send", "priority", priority);
  checkSent("mq_send", mqdes, body, priority, native.mqSend(mqdes, body, priority));
}

/**
 * mq_timedsend(3): as `mq_send`, until a point in time.
 *
 * @throws As `mq_send`; QueueError with code `ETIMEDOUT`, and `EINVAL` for a time that is none.
 */
export function mq_timedsend(mqdes: number, body: Body, priority: number, abs_timeout: Timespec): void {
  checkInt("mq_timedsend", "mqdes", mqdes);
  checkBody("mq_timedsend", body);
  checkUnsigned("mq_timedsend", "priority", priority);
  const { tv_sec, tv_nsec } = checkTimespec("mq_timedsend", abs_timeout);
  checkSent("mq_timedsend", mqdes, body, priority, native.mqTimedSend(mqdes, body, priority, tv_sec, tv_nsec));
}

/**
 * mq_receive(3): blocks this thread while the queue is empty, unless the descriptor is `O_NONBLOCK`.
 *
 * @param buffer - Filled from its start; at least `mq_msgsize` bytes.
 * @throws QueueError with code `EAGAIN` (empty and `O_NONBLOCK`), `EBADF`, `EINTR`; MessageTooLargeError (`EMSGSIZE`) when the
 * buffer is smaller than `mq_msgsize`.
 */
export function mq_receive(mqdes: number, buffer: Uint8Array): MqReceived {
  checkInt("mq_receive", "mqdes", mqdes);
  checkBuffer("mq_receive", buffer);
  return received("mq_receive", mqdes, buffer, native.mqReceive(mqdes, buffer, 0));
}

/**
 * mq_timedreceive(3): as `mq_receive`, until a point in time.
 *
 * @throws As `mq_receive`; QueueError with code `ETIMEDOUT`, and `EINVAL` for a time that is none.
 */
export function mq_timedreceive(mqdes: number, buffer: Uint8Array, abs_timeout: Timespec): MqReceived {
  checkInt("mq_timedreceive", "mqdes", mqdes);
  checkBuffer("mq_timedreceive", buffer);
  const { tv_sec, tv_nsec } = checkTimespec("mq_timedreceive", abs_timeout);
  return received("mq_timedreceive", mqdes, buffer, native.mqTimedReceive(mqdes, buffer, 0, tv_sec, tv_nsec));
}

/**
 * mq_getattr(3).
 *
 * @throws QueueError with code `EBADF`.
 */
export function mq_getattr(mqdes: number): MqAttr {
  checkInt("mq_getattr", "mqdes", mqdes);
  check("mq_getattr", mqdes, native.mqGetSetAttr(mqdes, -1, fields));
  return attrOf();
}

/**
 * mq_setattr(3): sets or clears `O_NONBLOCK`, which is all that can be changed.
 *
 * @returns The attributes as they were before.
 * @throws QueueError with code `EBADF`, or `EINVAL` for other flags.
 */
export function mq_setattr(mqdes: number, newattr: Pick<MqAttr, "mq_flags">): MqAttr {
  checkInt("mq_setattr", "mqdes", mqdes);
  const { mq_flags } = checkObject("mq_setattr", "newattr", newattr);
  checkUnsigned("mq_setattr", "newattr.mq_flags", mq_flags);
  check("mq_setattr", mqdes, native.mqGetSetAttr(mqdes, mq_flags | 0, fields));
  return attrOf();
}

function attrOf(): MqAttr {
  const [mq_flags, mq_maxmsg, mq_msgsize, mq_curmsgs] = fields as unknown as [number, number, number, number];
  return { mq_flags, mq_maxmsg, mq_msgsize, mq_curmsgs };
}

function checkTimespec(method: string, value: Timespec): Timespec {
  const { tv_sec, tv_nsec } = checkObject(method, "abs_timeout", value);
  // A time_t, which has 64 bits on every system.
  checkInteger(method, "abs_timeout.tv_sec", tv_sec, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  checkLongField(method, "abs_timeout.tv_nsec", tv_nsec);
  return value;
}

function check(syscall: string, descriptor: number, result: number): void {
  if (result < 0) throw failure(syscall, result, { descriptor });
}

function checkSent(syscall: string, descriptor: number, body: Body, priority: number, result: number): void {
  if (result >= 0) return;
  const length = Buffer.byteLength(body);
  throw failure(syscall, result, { descriptor, length, priority, maxMessageSize: messageSize(descriptor) });
}

function received(syscall: string, descriptor: number, buffer: Uint8Array, length: number): MqReceived {
  if (length >= 0) return { length, priority: lastNumber() };
  throw failure(syscall, length, { descriptor, room: buffer.length, maxMessageSize: messageSize(descriptor) });
}

function messageSize(descriptor: number): number | undefined {
  return attributesOf(descriptor)?.maxMessageSize;
}
