import type { Message, Received } from "../message-queue.js";

/** A message from a System V queue. */
export interface SysVMessage<T> extends Message<T> {
  /** 1 to 2^63 - 1; a bigint where a number would not be exact (above 2^53). */
  type: number | bigint;
  /** The body was longer than the `truncate` that the receive asked for; the rest is lost. */
  truncated?: true;
}

/** How to send to a System V queue. */
export interface SysVSendOptions {
  /** The message's type, 1 to 2^63 - 1, or 2^31 - 1 on 32-bit systems (default: the handle's `type` option, or 1). */
  type?: number | bigint | undefined;
}

/**
 * Which message to receive: exactly this `type`; the lowest type that is at most `upTo`; the first that is not of type
 * `except`. At most one of them; without any, the oldest message.
 */
export type SysVSelector =
  | {
      /** Receives the first message of exactly this type. */
      type?: number | bigint | undefined;
      /** Not given beside another selector. */
      upTo?: undefined;
      /** Not given beside another selector. */
      except?: undefined;
    }
  | {
      /** Receives the first message of the lowest type that is at most this. */
      upTo: number | bigint | undefined;
      /** Not given beside another selector. */
      type?: undefined;
      /** Not given beside another selector. */
      except?: undefined;
    }
  | {
      /** Receives the first message of any other type (MSG_EXCEPT; elsewhere than on Linux `ENOSYS`). */
      except: number | bigint | undefined;
      /** Not given beside another selector. */
      type?: undefined;
      /** Not given beside another selector. */
      upTo?: undefined;
    };

/** What to receive from a System V queue, and how much of it. */
export type SysVReceiveOptions = SysVSelector & {
  /** Cuts the body after so many bytes (MSG_NOERROR) and says so in the message; without it messages come whole. */
  truncate?: number | undefined;
};

/** What `receiveInto` found. */
export interface SysVReceived extends Received {
  /** 1 to 2^63 - 1; a bigint where a number would not be exact (above 2^53). */
  type: number | bigint;
}
