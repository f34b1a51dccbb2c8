import type { Guard } from "../guard.js";
import type { Body } from "../native.js";
import type { Outgoing } from "../queue-calls.js";
import type { Entry } from "../waiting.js";
import { frameHeaderSize, mostMessages, sealFrame, writeMessage } from "./frame.js";

/** A message of the frame that can be withdrawn by itself: its sender gave it a timeout or a signal. */
export interface GuardedMessage {
  start: number;
  end: number;
  guard: Guard | undefined;
  resolve(): void;
  reject(reason: unknown): void;
}

/** How far a frame was filled. */
export interface FillLevel {
  end: number;
  count: number;
}

/** Messages of one priority or type on their way into the kernel; its body is what the kernel gets. */
export class OutgoingFrame implements Outgoing {
  readonly kind: number | bigint;
  /** Its place among the frames that wait for room; undefined before it waits. */
  entry: Entry<Outgoing, true> | undefined;
  #memory: Buffer;
  #end = frameHeaderSize;
  #count = 0;
  #startOfLast = 0;
  #sealed: Buffer | undefined;
  #settled = false;
  #promise: Promise<void> | undefined;
  #resolve: (() => void) | undefined;
  #reject: ((reason: unknown) => void) | undefined;
  readonly #guarded = new Set<GuardedMessage>();

  /** The memory is the frame's own until it has settled; its length is the most that the frame can have. */
  constructor(kind: number | bigint, memory: Buffer) {
    this.kind = kind;
    this.#memory = memory;
  }

  get body(): Buffer {
    if (this.#sealed !== undefined) return this.#sealed;
    const bytes = this.#memory.subarray(0, this.#end);
    sealFrame(bytes, this.#count);
    return (this.#sealed = bytes);
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Whether it was sent or given up. */
  get isSettled(): boolean {
    return this.#settled;
  }

  get memory(): Buffer {
    return this.#memory;
  }

  get level(): FillLevel {
    return { end: this.#end, count: this.#count };
  }

  /** Whether the frame had room for the message and now has it. */
  append(body: Body): boolean {
    const end = writeMessage(this.#memory, this.#end, this.#memory.length, body);
    if (end === 0 || this.#count === mostMessages) return false;
    this.#startOfLast = this.#end;
    this.#end = end;
    this.#count++;
    this.#sealed = undefined;
    return true;
  }

  /** Takes the messages out that were appended last. */
  fallBack({ end, count }: FillLevel): void {
    this.#end = end;
    this.#count = count;
    this.#sealed = undefined;
  }

  /** What all sends share that cannot be withdrawn. */
  get sent(): Promise<void> {
    return (this.#promise ??= new Promise<void>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    }));
  }

  /** Makes of the message appended last one that can be withdrawn. */
  guardLast(resolve: () => void, reject: (reason: unknown) => void): GuardedMessage {
    const message: GuardedMessage = {
      start: this.#startOfLast,
      end: this.#end,
      guard: undefined,
      resolve,
      reject,
    };
    this.#guarded.add(message);
    return message;
  }

  /** Takes out a message that was withdrawn. */
  remove(message: GuardedMessage): void {
    if (!this.#guarded.delete(message)) return;
    const { start, end } = message;
    this.#memory.copyWithin(start, end, this.#end);
    for (const other of this.#guarded) {
      if (other.start < end) continue;
      other.start -= end - start;
      other.end -= end - start;
    }
    this.#end -= end - start;
    this.#count--;
    this.#sealed = undefined;
  }

  /** Nothing more comes in: a frame that was hardly filled lets go of its memory, which is what it returns. */
  shrink(): Buffer | undefined {
    const memory = this.#memory;
    if (this.#end * 2 > memory.length) return undefined;
    this.#memory = Buffer.from(memory.subarray(0, this.#end));
    this.#sealed = undefined;
    return memory;
  }

  /** The kernel has the frame. */
  succeed(): void {
    this.#settled = true;
    this.#resolve?.();
    for (const message of this.#guarded) {
      message.guard?.release();
      message.resolve();
    }
  }

  /** The kernel will not get the frame. */
  fail(reason: unknown): void {
    this.#settled = true;
    this.#reject?.(reason);
    for (const message of this.#guarded) {
      message.guard?.release();
      message.reject(reason);
    }
  }
}
