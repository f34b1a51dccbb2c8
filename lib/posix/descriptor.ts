import { constants, readFileSync, readlinkSync } from "node:fs";
import { EEXIST, ENOENT, hasErrno } from "../errors/errno.js";
import { failure } from "../errors/failure.js";
import { posixLimits } from "../limits.js";
import { native } from "../native.js";
import type { Access, PosixCreateOptions } from "./options.js";

const accessFlags = {
  read: constants.O_RDONLY,
  write: constants.O_WRONLY,
  readwrite: constants.O_RDWR,
} as const satisfies Record<Access, number>;

type Creation = Omit<PosixCreateOptions<never, never>, "codec">;

/** A queue descriptor of this handle's own. */
export interface OpenDescriptor {
  descriptor: number;
  name: string;
  access: Access;
  attributes: PosixAttributes;
}

/** What the kernel keeps of a queue: mq_getattr(3). */
export interface PosixAttributes {
  /** The most messages that the queue holds. */
  maxMessages: number;
  /** The longest message in bytes. */
  maxMessageSize: number;
  /** The messages in the queue at this moment. */
  currentMessages: number;
}

const fields = new Float64Array(4);

/** The attributes, or a negative errno. */
export function tryAttributes(descriptor: number): PosixAttributes | number {
  const result = native.mqGetSetAttr(descriptor, -1, fields);
  if (result < 0) return result;
  const [, maxMessages, maxMessageSize, currentMessages] = fields as unknown as [number, number, number, number];
  return { maxMessages, maxMessageSize, currentMessages };
}

/** For errors that count what a user's queues take up. */
export function attributesOf(descriptor: number): PosixAttributes | undefined {
  const attributes = tryAttributes(descriptor);
  return typeof attributes === "number" ? undefined : attributes;
}

export function openDescriptor(name: string, access: Access = "readwrite"): OpenDescriptor {
  return opened(name, access, tryOpen(name, access));
}

/** The attributes of a descriptor that has just been opened; one that cannot be used is not left open. */
function attributesOrClose(open: Omit<OpenDescriptor, "attributes">): PosixAttributes {
  const attributes = tryAttributes(open.descriptor);
  if (typeof attributes !== "number") return attributes;
  native.mqClose(open.descriptor);
  throw failure("mq_getattr", attributes, open);
}

function tryOpen(name: string, access: Access): number {
  return native.mqOpen(name, accessFlags[access] | constants.O_NONBLOCK, 0, -1, 0);
}

function opened(name: string, access: Access, descriptor: number): OpenDescriptor {
  const oflag = accessFlags[access] | constants.O_NONBLOCK;
  if (descriptor < 0) throw failure("mq_open", descriptor, { name, oflag, access, attributesOf });
  const open = { descriptor, name, access };
  return { ...open, attributes: attributesOrClose(open) };
}

export function createDescriptor(name: string, options: Creation): OpenDescriptor {
  const { access = "readwrite", mode = 0o600, exactMode = false } = options;
  const oflag = accessFlags[access] | constants.O_NONBLOCK | constants.O_CREAT | constants.O_EXCL;
  const { maxMessages, maxMessageSize } = sizes(options);
  const descriptor = native.mqOpen(name, oflag, mode, maxMessages, maxMessageSize);
  if (descriptor < 0) {
    const asked = maxMessages < 0 ? {} : { maxMessages, maxMessageSize };
    throw failure("mq_open", descriptor, { name, oflag, access, mode, ...asked, attributesOf });
  }
  try {
    const open = { descriptor, name, access };
    const attributes = attributesOrClose(open);
    if (exactMode) setExactMode(name, descriptor, mode);
    return { ...open, attributes };
  } catch (error) {
    // A queue that cannot be had as asked for is not left behind.
    native.mqUnlink(name);
    throw error;
  }
}

/** Creating and opening in turn tells which of the two it was, which one call with O_CREAT alone would not. */
export function openOrCreateDescriptor(name: string, options: Creation): OpenDescriptor {
  const { access = "readwrite" } = options;
  for (;;) {
    // Finding out why a queue is missing costs a thousand times the call, and here nobody asks.
    const descriptor = tryOpen(name, access);
    if (descriptor !== -ENOENT) return opened(name, access, descriptor);
    try {
      return createDescriptor(name, options);
    } catch (error) {
      if (!hasErrno(error, EEXIST)) throw error;
    }
  }
}

/** Takes over a descriptor that came from elsewhere, and makes it non-blocking. */
export function adoptDescriptor(descriptor: number): OpenDescriptor {
  const attributes = tryAttributes(descriptor);
  if (typeof attributes === "number") throw failure("mq_getattr", attributes, { descriptor });
  const adopted = native.mqAdopt(descriptor);
  if (adopted < 0) throw failure("mq_getattr", adopted, { descriptor });
  const name = nameOf(descriptor) ?? `descriptor ${descriptor}`;
  return { descriptor, name, access: accessOf(descriptor), attributes };
}

function setExactMode(name: string, descriptor: number, mode: number): void {
  const result = native.mqChmod(descriptor, mode);
  if (result === 0) return;
  native.mqClose(descriptor);
  throw failure("fchmod", result, { name, mode });
}

/** The kernel takes both sizes or neither: the one that was not given is the system's default. */
function sizes(options: Creation): { maxMessages: number; maxMessageSize: number } {
  if (options.maxMessages === undefined && options.maxMessageSize === undefined) {
    return { maxMessages: -1, maxMessageSize: 0 };
  }
  const limits = posixLimits();
  return {
    maxMessages: options.maxMessages ?? limits.defaultMessages ?? 10,
    maxMessageSize: options.maxMessageSize ?? limits.defaultMessageSize ?? 8192,
  };
}

function nameOf(descriptor: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`).replace(/ \(deleted\)$/, "");
  } catch {
    return undefined;
  }
}

function accessOf(descriptor: number): Access {
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8"))?.[1];
    const mode = parseInt(flags ?? "2", 8) & 3;
    return mode === constants.O_RDONLY ? "read" : mode === constants.O_WRONLY ? "write" : "readwrite";
  } catch {
    return "readwrite";
  }
}
