/** What a {@link QueueError} carries beside its message. */
export interface QueueErrorFields {
  /** The errno's name, or `ERR_HOSTMQ_…` for a failure that no system call reported. */
  readonly code: string;
  /** The C errno, positive, where a system call reported one. */
  readonly errno?: number | undefined;
  /** The C function that failed. */
  readonly syscall?: string | undefined;
  /** The queue as a person calls it: `/jobs`, `key 0x6869`, `id 12`. */
  readonly queue?: string | undefined;
  /** What to do about it; also the end of the message. */
  readonly hint?: string | undefined;
  /** The failure underneath, where there is one. */
  readonly cause?: unknown;
}

/** Every `instanceof` asks for a brand instead of a prototype, so that two copies of the package know each other's errors. */
function isBranded(value: unknown, brand: symbol): boolean {
  return typeof value === "object" && value !== null && brand in value;
}

const queueErrorBrand = Symbol.for("hostmq.QueueError");
const timeoutBrand = Symbol.for("hostmq.QueueTimeoutError");
const closedBrand = Symbol.for("hostmq.QueueClosedError");
const removedBrand = Symbol.for("hostmq.QueueRemovedError");
const tooLargeBrand = Symbol.for("hostmq.MessageTooLargeError");
const inHandBrand = Symbol.for("hostmq.MessagesInHandError");
const decodeBrand = Symbol.for("hostmq.MessageDecodeError");

/** `name` and brands sit on the prototype: they print well and do not show up as own properties. */
function nameAndBrand(errorClass: { prototype: QueueError }, name: string, brand: symbol): void {
  Object.defineProperty(errorClass.prototype, "name", { value: name, configurable: true, writable: true });
  Object.defineProperty(errorClass.prototype, brand, { value: true });
}

/** For a class outside of the package that extends one of ours, `instanceof` means what it always means. */
function recognise(asked: unknown, known: unknown, brand: symbol, value: unknown): boolean {
  if (asked === known) return isBranded(value, brand);
  return typeof asked === "function" && Function.prototype[Symbol.hasInstance].call(asked, value);
}

/**
 * A queue operation failed. The message says what happened, on which queue, with the limits at that moment, and
 * what to do about it. Look at `code` to tell failures apart; never at the message.
 *
 * `instanceof` holds for errors of another copy of this package too.
 */
export class QueueError extends Error {
  /** The errno's name such as `ENOENT`, or `ERR_HOSTMQ_…` for a failure that no system call reported. */
  readonly code: string;
  /** The C errno, positive, where a system call reported one. */
  declare readonly errno?: number;
  /** The C function that failed, such as `mq_open`. */
  declare readonly syscall?: string;
  /** The queue as a person calls it: `/jobs`, `key 0x6869`, `id 12`. */
  declare readonly queue?: string;
  /** What to do about it; also the end of the message. */
  declare readonly hint?: string;

  /** @param message - What a person reads; {@link QueueErrorFields} is for programs. */
  constructor(message: string, fields: QueueErrorFields) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.code = fields.code;
    // Absent stays absent, so that a printed error shows only what is known.
    if (fields.errno !== undefined) this.errno = fields.errno;
    if (fields.syscall !== undefined) this.syscall = fields.syscall;
    if (fields.queue !== undefined) this.queue = fields.queue;
    if (fields.hint !== undefined) this.hint = fields.hint;
  }

  /** Knows errors of every copy of the package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return recognise(this, QueueError, queueErrorBrand, value);
  }
}

/** The time given to a call passed (`ETIMEDOUT`). Nothing was sent, and no message was taken. */
export class QueueTimeoutError extends QueueError {
  /** Knows errors of every copy of the package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return recognise(this, QueueTimeoutError, timeoutBrand, value);
  }
}

/** This handle was closed (`ERR_HOSTMQ_CLOSED`). The queue itself lives on in the kernel. */
export class QueueClosedError extends QueueError {
  /** Knows errors of every copy of the package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return recognise(this, QueueClosedError, closedBrand, value);
  }
}

/** Somebody removed the System V queue (`EIDRM`); its messages are gone with it. */
export class QueueRemovedError extends QueueError {
  /** Knows errors of every copy of the package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return recognise(this, QueueRemovedError, removedBrand, value);
  }
}

/** A message is larger than a limit lets through; the error's `code` is the errno of the call. */
export class MessageTooLargeError extends QueueError {
  /** Knows errors of every copy of the package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return recognise(this, MessageTooLargeError, tooLargeBrand, value);
  }
}

/** What a {@link MessageDecodeError} carries of the message that could not be decoded. */
export interface UndecodedMessage {
  /** The body as it was received. */
  readonly bytes: Buffer;
  /** The priority of a POSIX message. */
  readonly priority?: number | undefined;
  /** The type of a System V message. */
  readonly type?: number | bigint | undefined;
}

/** A message whose body was decoded. */
export interface DecodedMessage {
  /** What the codec made of the bytes. */
  readonly body: unknown;
  /** The priority of a POSIX message. */
  readonly priority?: number;
  /** The type of a System V message. */
  readonly type?: number | bigint;
}

/**
 * The codec refused a body (`ERR_HOSTMQ_DECODE`). The message has left the queue, so the error carries it whole;
 * `cause` is what the codec threw. The next receive goes on with the next message. Of `peek` and `browse` the error carries a
 * copy: that message is still in the queue, as the hint says.
 *
 * A handle with `coalesce` rejects so, without a `cause`, what came in no frame.
 */
export class MessageDecodeError extends QueueError {
  /** The body as it was received. */
  readonly bytes: Buffer;
  /** The priority of a POSIX message. */
  declare readonly priority?: number;
  /** The type of a System V message. */
  declare readonly type?: number | bigint;
  /**
   * Of `tryReceiveMany` only: the messages that the call took before this one, decoded, in order. Those behind it are still in the
   * queue.
   */
  declare readonly received?: readonly DecodedMessage[];

  /** @param undecoded - The message that could not be decoded. */
  constructor(message: string, fields: QueueErrorFields, undecoded: UndecodedMessage) {
    super(message, fields);
    this.bytes = undecoded.bytes;
    if (undecoded.priority !== undefined) this.priority = undecoded.priority;
    if (undecoded.type !== undefined) this.type = undecoded.type;
  }

  /** Knows errors of every copy of the package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return recognise(this, MessageDecodeError, decodeBrand, value);
  }
}

/**
 * A handle with `coalesce` was closed (`ERR_HOSTMQ_IN_HAND`) while it had messages in hand, and the queue was full or may not be
 * sent to, so that they could not go back. The handle is closed; the messages are here and nowhere else.
 */
export class MessagesInHandError extends QueueError {
  /** The messages, in order, before any codec. */
  readonly messages: readonly UndecodedMessage[];

  /** @param messages - The messages that could not go back. */
  constructor(message: string, fields: QueueErrorFields, messages: readonly UndecodedMessage[]) {
    super(message, fields);
    this.messages = messages;
  }

  /** Knows errors of every copy of the package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return recognise(this, MessagesInHandError, inHandBrand, value);
  }
}

nameAndBrand(QueueError, "QueueError", queueErrorBrand);
nameAndBrand(QueueTimeoutError, "QueueTimeoutError", timeoutBrand);
nameAndBrand(QueueClosedError, "QueueClosedError", closedBrand);
nameAndBrand(QueueRemovedError, "QueueRemovedError", removedBrand);
nameAndBrand(MessageTooLargeError, "MessageTooLargeError", tooLargeBrand);
nameAndBrand(MessageDecodeError, "MessageDecodeError", decodeBrand);
nameAndBrand(MessagesInHandError, "MessagesInHandError", inHandBrand);
