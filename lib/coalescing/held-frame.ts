import type { Message } from "../message-queue.js";
import { frameHeaderSize, messageHeaderSize, sealFrame } from "./frame.js";

/** A frame that was taken from the kernel and checked, and of which some messages are not given out yet. */
export class HeldFrame<M extends Message<Buffer>> {
  /** The frame as the kernel gave it. */
  readonly message: M;
  readonly #bytes: Buffer;
  readonly #memory: ArrayBuffer;
  #next = frameHeaderSize;
  #left: number;

  constructor(message: M, count: number) {
    this.message = message;
    this.#bytes = message.body;
    this.#memory = message.body.buffer as ArrayBuffer;
    this.#left = count;
  }

  /** Messages not given out yet. */
  get left(): number {
    return this.#left;
  }

  /** Bytes of the next message. */
  get nextLength(): number {
    const [bytes, next] = [this.#bytes, this.#next];
    return (
      (bytes[next] as number) |
      ((bytes[next + 1] as number) << 8) |
      ((bytes[next + 2] as number) << 16) |
      ((bytes[next + 3] as number) << 24)
    );
  }

  /** The next body, cut from the frame. */
  take(): Buffer {
    const length = this.nextLength;
    const start = this.#next + messageHeaderSize;
    this.#advance(start + length);
    // Cheaper than subarray, which asks for the class of its result.
    return Buffer.from(this.#memory, this.#bytes.byteOffset + start, length);
  }

  /** Copies the next body into memory of the caller, which has room for it. */
  copyInto(buffer: Uint8Array): number {
    const length = this.nextLength;
    const start = this.#next + messageHeaderSize;
    buffer.set(this.#bytes.subarray(start, start + length));
    this.#advance(start + length);
    return length;
  }

  /** A frame of the messages not given out yet. */
  rest(): Buffer {
    const messages = this.#bytes.subarray(this.#next);
    const frame = Buffer.allocUnsafe(frameHeaderSize + messages.length);
    frame.set(messages, frameHeaderSize);
    sealFrame(frame, this.#left);
    return frame;
  }

  #advance(next: number): void {
    this.#next = next;
    this.#left--;
  }
}
