import { fstatSync } from "node:fs";
import { QueueObserver } from "../trigger/observer.js";
import type { Observation } from "../trigger/observer.js";
import { openToLook } from "./looking.js";
import type { OpenQueue } from "./queues.js";

/** What `watch` and `top` show of a queue at one moment. */
export interface Sample {
  readonly queue: string;
  readonly messages: number;
  readonly bytes: number | undefined;
  /** Messages a second since the sample before, as far as the number of messages shows. */
  readonly inRate: number;
  readonly outRate: number;
  readonly highWater: number;
  /** Milliseconds. */
  readonly oldest: number;
  /** Part of the queue that is in use, 0 to 1. */
  readonly filled: number;
}

/** A queue that is looked at again and again. */
export class WatchedQueue {
  /** Numbers of messages, one for each sample, the latest last. */
  readonly history: number[] = [];
  readonly label: string;
  readonly #opened: OpenQueue;
  readonly #observer: QueueObserver;
  #before: Observation | undefined;
  #arrived = 0;
  #taken = 0;

  private constructor(opened: OpenQueue) {
    this.#opened = opened;
    this.label = opened.label;
    this.#observer = new QueueObserver(opened.queue);
  }

  static async open(word: string): Promise<WatchedQueue> {
    return new WatchedQueue(await openToLook(word));
  }

  /** Looks, for the next sample: the more often, the less goes unseen between two looks. */
  look(): Observation {
    const seen = this.#observer.look();
    this.#arrived += seen.arrived;
    this.#taken += seen.taken;
    return seen;
  }

  sample(): Sample {
    const seen = this.look();
    const seconds = this.#before === undefined ? 0 : (seen.at - this.#before.at) / 1000;
    // What is there at first has not just arrived.
    const perSecond = (count: number): number => (seconds === 0 ? 0 : count / seconds);
    const sample: Sample = {
      queue: this.label,
      messages: seen.messages,
      bytes: seen.bytes,
      inRate: perSecond(this.#arrived),
      outRate: perSecond(this.#taken),
      highWater: seen.highWater,
      oldest: seen.oldest,
      filled: this.#filled(),
    };
    this.#before = seen;
    this.#arrived = 0;
    this.#taken = 0;
    this.history.push(seen.messages);
    return sample;
  }

  /** Whether a POSIX queue has lost its name; only our descriptor may keep it in memory. A System V queue throws when it is looked at. */
  get unlinked(): boolean {
    return this.#opened.kind === "posix" && fstatSync(this.#opened.queue.descriptor).nlink === 0;
  }

  close(): void {
    this.#opened.queue.close();
  }

  #filled(): number {
    if (this.#opened.kind === "posix") {
      const { currentMessages, maxMessages } = this.#opened.queue.attributes();
      return currentMessages / maxMessages;
    }
    const { bytes, messages, maxBytes } = this.#opened.queue.status();
    // It holds at most as many messages as bytes, empty or not.
    return Math.max(bytes, messages) / Math.max(1, maxBytes);
  }
}

/** `0.2s`, `12s`, `3m05s`, `2h10m`. */
export function age(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)}s`;
  if (seconds < 100) return `${Math.round(seconds)}s`;
  const two = (number: number): string => String(Math.floor(number)).padStart(2, "0");
  if (seconds < 6000) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
  return `${Math.floor(seconds / 3600)}h${two((seconds / 60) % 60)}m`;
}

const bars = "▁▂▃▄▅▆▇█";

/** The last values as one line of bars, as high as the highest of them. */
export function graph(values: readonly number[], width: number): string {
  const shown = values.slice(-width);
  const most = Math.max(1, ...shown);
  return shown.map((value) => (value === 0 ? " " : bars[Math.min(7, Math.floor((value / most) * 7.99))])).join("");
}
