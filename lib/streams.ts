import { Readable, Writable } from "node:stream";
import type { MessageIterator } from "./iteration.js";
import type { WaitOptions } from "./wait-options.js";

/**
 * A stream that asks the iterator for a message when its reader asks for one, and never ahead of that. What it holds when it
 * is destroyed, or gets because the kernel was faster, nobody has read: `giveBack` returns it to the queue.
 */
export function readableOf<M>(messages: MessageIterator<M>, giveBack: (message: M) => Promise<void>): Readable {
  const unread: M[] = [];
  let latest: M | undefined;
  let reading = Promise.resolve();
  return new Readable({
    objectMode: true,
    highWaterMark: 0,
    read() {
      reading = messages.next().then(
        ({ done, value }) => {
          if (done === true) this.push(null);
          else if (this.destroyed) unread.push(value);
          else this.push((latest = value));
        },
        (error: unknown) => {
          this.destroy(error as Error);
        },
      );
    },
    destroy(error, callback) {
      void messages.return();
      // Without a high-water mark the stream holds at most the one that was pushed last.
      if (this.readableLength > 0 && latest !== undefined) unread.push(latest);
      const returnAll = async (): Promise<void> => {
        await reading;
        for (const message of [...unread, ...messages.prefetched]) await giveBack(message);
      };
      returnAll().then(
        () => {
          callback(error);
        },
        (failure: unknown) => {
          callback(error ?? (failure as Error));
        },
      );
    },
  });
}

/** What a writable stream needs of a queue. */
export interface Sender<In, S extends object> {
  send(body: In, options?: S & WaitOptions): Promise<void>;
}

/** A stream that sends each body, one at a time; destroying it ends the send that waits. */
export function writableOf<In, S extends object>(queue: Sender<In, S>, options: S | undefined): Writable {
  const abort = new AbortController();
  const sendOptions = { ...options, signal: abort.signal } as S & WaitOptions;
  return new Writable({
    objectMode: true,
    highWaterMark: 1,
    write(body: In, _encoding, callback) {
      queue.send(body, sendOptions).then(() => {
        callback();
      }, callback);
    },
    destroy(error, callback) {
      abort.abort();
      callback(error);
    },
  });
}
