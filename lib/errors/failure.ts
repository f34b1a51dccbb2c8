import { hostKind, isLinux } from "../limits.js";
import type { HostKind } from "../limits.js";
import { reason } from "../shown.js";
import type { CallDetails } from "./call-details.js";
import { errnoName, errnoNumber, ETIMEDOUT } from "./errno.js";
import { unlisted } from "./explain/unsupported.js";
import { failedCall } from "./helper-calls.js";
import { MessageDecodeError, MessagesInHandError, MessageTooLargeError, QueueClosedError } from "./queue-error.js";
import { QueueError, QueueRemovedError, QueueTimeoutError } from "./queue-error.js";
import type { QueueErrorFields, UndecodedMessage } from "./queue-error.js";
import { explain, findRow } from "./table.js";
import type { ErrorClassName, Explanation } from "./table.js";
import { action, count, inSentence, queueLabel } from "./words.js";

export type { CallDetails } from "./call-details.js";

const classes = {
  QueueError,
  QueueTimeoutError,
  QueueClosedError,
  QueueRemovedError,
  MessageTooLargeError,
  MessageDecodeError: QueueError,
  MessagesInHandError: QueueError,
} as const satisfies Record<ErrorClassName, typeof QueueError>;

/** The one message shape: `CODE: what happened. What to do.` */
function sentence(code: string, { what, hint }: Explanation): string {
  return `${code}: ${what}. ${hint}`;
}

/**
 * Turns the errno of a call into an error. The only place that does.
 *
 * @param asked - the C function that was asked for
 * @param result - the C errno, of either sign, or what the addon answered when another call failed on the way
 * @param details - what is known about the call; more of it makes a better message
 */
export function failure(asked: string, result: number, details: CallDetails): QueueError {
  const { syscall, errno: number } = failedCall(asked, result);
  const name = errnoName(number);
  const found = findRowSafely(syscall, name, details);
  const code = found?.row.code ?? name;
  const ErrorClass = classes[found?.row.errorClass ?? "QueueError"];
  const words = found?.words ?? {
    what: `cannot ${action(syscall, details)}: ${syscall} failed with ${name}`,
    hint: `Look the errno up in the manual page of the call: man ${syscall}.`,
  };
  const error = new ErrorClass(sentence(code, words), {
    code,
    errno: found?.row.code === undefined ? number : errnoNumber(code),
    syscall,
    queue: queueLabel(details),
    hint: words.hint,
    cause: details.cause,
  });
  return from(error, failure);
}

/** Explaining reads the system, which can fail in ways of its own; the first failure must still be told. */
function findRowSafely(syscall: string, name: string, details: CallDetails) {
  try {
    const row = findRow(syscall, name, details);
    return row === undefined ? undefined : { row, words: explain(row, details) };
  } catch {
    return undefined;
  }
}

/** The stack begins at the caller, not in here. */
function from<E extends Error>(error: E, builder: (...parameters: never[]) => unknown): E {
  Error.captureStackTrace(error, builder);
  return error;
}

/** How full a queue is, as far as its family tells. */
export interface QueueDepth {
  readonly messages: number;
  readonly maxMessages?: number | undefined;
  readonly bytes?: number | undefined;
  readonly maxBytes?: number | undefined;
}

/** What {@link timeoutError} tells. */
export interface TimeoutDetails {
  readonly queue: string;
  /** The method that waited: those that send wait for room, all others for a message. */
  readonly operation: string;
  /** Milliseconds. */
  readonly timeout: number;
  readonly depth?: QueueDepth | undefined;
}

/** The timeout of a call passed. */
export function timeoutError({ queue, operation, timeout, depth }: TimeoutDetails): QueueTimeoutError {
  const sending = operation.startsWith("send");
  const waited = sending ? `no room for a message within ${timeout} ms` : `no message within ${timeout} ms`;
  const words = {
    what: `${operation} on ${inSentence(queue)}: ${waited}${depth === undefined ? "" : `; ${fullness(depth, sending)}`}`,
    hint: sending
      ? "The message was not sent: give it more time, or look whether the other side receives."
      : "Nothing was taken: give it more time, or look whether the other side sends.",
  };
  const fields: QueueErrorFields = { code: "ETIMEDOUT", errno: ETIMEDOUT, queue, hint: words.hint };
  return from(new QueueTimeoutError(sentence("ETIMEDOUT", words), fields), timeoutError);
}

function fullness({ messages, maxMessages, bytes, maxBytes }: QueueDepth, sending: boolean): string {
  const held =
    maxMessages === undefined ? count(messages, "message") : `${messages} of ${count(maxMessages, "message")}`;
  const size =
    bytes === undefined ? "" : maxBytes === undefined ? ` (${bytes} bytes)` : ` (${bytes} of ${maxBytes} bytes)`;
  // A receive may have asked for a type that none of them has, or lost the race to another reader.
  const note = !sending && messages > 0 ? ", none that this call asked for came in time" : "";
  return `the queue holds ${held}${size}${note}`;
}

/** Throws where the system does not tell a program which POSIX queues exist. */
export function checkListable(host: HostKind = hostKind()): void {
  if (isLinux(host)) return;
  const code = "ENOSYS";
  const words = unlisted(host);
  const fields = { code, errno: errnoNumber(code), hint: words.hint };
  throw from(new QueueError(sentence(code, words), fields), checkListable);
}

/** This handle was closed before or during the call. */
export function closedError(queue: string, method: string): QueueClosedError {
  const code = "ERR_HOSTMQ_CLOSED";
  const words = {
    what: `${method} on ${inSentence(queue)}: this handle is closed (the queue itself lives on)`,
    hint: "Open the queue again, or close it after the last call.",
  };
  return from(new QueueClosedError(sentence(code, words), { code, queue, hint: words.hint }), closedError);
}

/** The codec refused a body; the error carries it. `taken`: the message has left the queue, and was not only copied. */
export function decodeError(
  queue: string,
  bytes: Buffer,
  message: Omit<UndecodedMessage, "bytes">,
  cause: unknown,
  taken: boolean,
): MessageDecodeError {
  const code = "ERR_HOSTMQ_DECODE";
  const words = {
    what: `the codec of ${inSentence(queue)} cannot decode a message of ${count(bytes.length, "byte")}${label(message)}${reason(cause)}`,
    hint: `Compare the codecs of both sides; ${whereItIs(taken)}.`,
  };
  const fields: QueueErrorFields = { code, queue, hint: words.hint, cause };
  return from(new MessageDecodeError(sentence(code, words), fields, { bytes, ...message }), decodeError);
}

/** What came is no frame, on a handle that coalesces; the error carries it. `taken`: as for {@link decodeError}. */
export function notAFrameError(
  queue: string,
  bytes: Buffer,
  message: Omit<UndecodedMessage, "bytes">,
  fault: string,
  taken: boolean,
): MessageDecodeError {
  const code = "ERR_HOSTMQ_DECODE";
  const words = {
    what: `on ${inSentence(queue)} came a message of ${count(bytes.length, "byte")}${label(message)} that is no frame of coalesced messages: ${fault}`,
    hint: `Give coalesce: true on both sides or on neither; ${whereItIs(taken)}.`,
  };
  const error = new MessageDecodeError(sentence(code, words), { code, queue, hint: words.hint }, { bytes, ...message });
  return from(error, notAFrameError);
}

/** Even a frame of its own has no room for the message. */
export function overFrameError(
  queue: string,
  length: number,
  largest: number,
  frameSize: number,
): MessageTooLargeError {
  const code = "EMSGSIZE";
  const fault = largest < 0 ? "has no room in a frame" : `is over the ${largest} that fit a frame`;
  const words = {
    what: `cannot send to ${inSentence(queue)}: the message of ${count(length, "byte")} ${fault} (a frame has at most ${frameSize} bytes, the queue's largest message, of which ${frameSize - largest} are its own)`,
    hint: "Send less, let the queue take larger messages, or give coalesce on neither side.",
  };
  const fields: QueueErrorFields = { code, errno: errnoNumber(code), queue, hint: words.hint };
  return from(new MessageTooLargeError(sentence(code, words), fields), overFrameError);
}

/** This handle was closed with messages in hand for which the queue had no room. */
export function inHandError(queue: string, messages: readonly UndecodedMessage[]): MessagesInHandError {
  const code = "ERR_HOSTMQ_IN_HAND";
  const words = {
    what: `close on ${inSentence(queue)}: ${count(messages.length, "message")} of a frame that this handle had taken could not go back into the queue, which is full or may not be sent to`,
    hint: "The handle is closed, and the messages are in this error. Receive what is in hand before closing: tryReceiveMany(queue.inHand).",
  };
  return from(new MessagesInHandError(sentence(code, words), { code, queue, hint: words.hint }, messages), inHandError);
}

/** Adds the messages that the same call took before the one that was refused. */
export function addReceived(
  error: MessageDecodeError,
  received: NonNullable<MessageDecodeError["received"]>,
): MessageDecodeError {
  return Object.assign(error, { received });
}

function whereItIs(taken: boolean): string {
  return taken
    ? "the message has left the queue and is in this error's bytes"
    : "the message is still in the queue, and a copy is in this error's bytes";
}

function label({ priority, type }: Omit<UndecodedMessage, "bytes">): string {
  if (priority !== undefined) return ` with priority ${priority}`;
  return type === undefined ? "" : ` of type ${type}`;
}

/** What {@link loadError} tells. */
export interface LoadDetails {
  /** Files in the order of the search, each with why it did not serve. */
  readonly tried: readonly { readonly path: string; readonly reason: string }[];
  readonly platform: string;
  readonly arch: string;
  /** `glibc` or `musl`, where that is known. */
  readonly libc?: string | undefined;
  /** The runtime with its version, such as `node 20.20.2`. */
  readonly runtime: string;
  /** Whether the file was named by `HOSTMQ_ADDON`, so that no other was tried. */
  readonly explicit?: boolean | undefined;
  /** The platforms, such as `linux-x64`, for which the package has a prebuilt file. */
  readonly shipped: readonly string[];
  /** The command that compiles the addon. */
  readonly build: string;
  readonly cause?: unknown;
}

/** The compiled addon could not be loaded. Often the first thing a person reads from this package. */
export function loadError(details: LoadDetails): QueueError {
  const { tried, platform, arch, libc, runtime, cause } = details;
  const code = "ERR_HOSTMQ_LOAD";
  const host = [`${platform}-${arch}`, ...(libc === undefined ? [] : [libc]), runtime].join(", ");
  const list = tried.map(({ path, reason: why }) => `${path} (${oneLine(why)})`).join("; ");
  const words = {
    what: `cannot load the addon for ${host}; ${list === "" ? "no file was there to try" : `tried ${list}`}`,
    hint: loadHint(details),
  };
  return from(new QueueError(sentence(code, words), { code, hint: words.hint, cause }), loadError);
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ", ");
}

/** What to do, the likeliest cause first. */
function loadHint({ tried, platform, arch, explicit, shipped, build }: LoadDetails): string {
  if (platform === "win32") return "Windows has neither kind of queue; run under WSL 2.";
  if (explicit === true) {
    return "The environment variable HOSTMQ_ADDON names this file, so no other was tried: correct it, or unset it.";
  }
  const reasons = tried.map(({ reason: why }) => why).join("\n");
  // No full stop behind a command that is to be copied.
  const compile = `compile the addon, which takes a C++ compiler: ${build}`;
  if (/^compiled for|wrong ELF class|invalid ELF header|incompatible architecture|mach-o/im.test(reasons)) {
    return `The file is for another platform: node_modules was probably copied from another machine. Install again here (npm ci), or ${compile}`;
  }
  if (/version .*not found|symbol not found|undefined symbol|ld-linux|ld-musl/i.test(reasons)) {
    return `The file does not fit this system's libraries or runtime. Install again here (npm ci), or ${compile}`;
  }
  if (shipped.length === 0) {
    return `The package's prebuilds folder is not there. Where a bundler left it out, mark hostmq as external or name the file in HOSTMQ_ADDON; else install again (npm ci), or ${compile}`;
  }
  if (!shipped.includes(`${platform}-${arch}`)) {
    return `The package has no prebuilt file for this platform, only for ${shipped.join(", ")}: ${compile}`;
  }
  return `Install again (npm ci), or ${compile}`;
}
