import { Readable, Writable } from "node:stream";
import type { WritableOptions } from "node:stream";
import { MessageDecodeError } from "./errors/queue-error.js";
import type { MessageIterator } from "./iteration.js";

/**
 * A stream that asks the iterator for a message when its reader asks for one, and never ahead of that. What it holds when it
 * is destroyed, or gets because the kernel was faster, nobody has read: `giveBack` returns it to the queue.
 */
export function readableOf<M>(
  messages: MessageIterator<M>,
  giveBack: (message: M | MessageDecodeError) => Promise<void>,
): Readable {
  const unread: (M | MessageDecodeError)[] = [];
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
          // To a stream that was destroyed meanwhile nobody listens: the message goes back as it came.
          if (this.destroyed && error instanceof MessageDecodeError) unread.push(error);
          else this.destroy(error as Error);
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
        if (messages.refused !== undefined) await giveBack(messages.refused);
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

/** Bodies that may be written ahead where they travel together. */
const writtenTogether = 256;

/**
 * A stream that sends each body, one at a time, or those that were written meanwhile `together`; destroying it ends the sends
 * that wait.
 */
export function writableOf(send: (body: unknown, signal: AbortSignal) => Promise<void>, together: boolean): Writable {
  const abort = new AbortController();
  const writev: WritableOptions["writev"] = (chunks, callback) => {
    Promise.all(chunks.map(({ chunk }) => send(chunk, abort.signal))).then(() => {
      callback();
    }, callback);
  };
  return new Writable({
    objectMode: true,
    highWaterMark: together ? writtenTogether : 1,
    ...(together ? { writev } : {}),
    write(body: unknown, _encoding, callback) {
      send(body, abort.signal).then(() => {
        callback();
      }, callback);
    },
    destroy(error, callback) {
      abort.abort();
      callback(error);
    },
  });
}
