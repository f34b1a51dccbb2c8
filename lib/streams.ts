import { Readable, Writable } from "node:stream";
import type { MessageIterator } from "./iteration.js";
import type { WaitOptions } from "./wait-options.js";

/** A stream that asks the iterator for a message when its reader asks for one, and never ahead of that. */
export function readableOf<M, R extends object>(messages: MessageIterator<M, R>): Readable {
  return new Readable({
    objectMode: true,
    highWaterMark: 0,
    read() {
      messages.next().then(
        ({ done, value }) => this.push(done === true ? null : value),
        (error: unknown) => this.destroy(error as Error),
      );
    },
    destroy(error, callback) {
      void messages.return();
      callback(error);
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
