import type { AttributesOf } from "../posix/listing.js";

/**
 * What is known about a call that failed. Everything is optional: the message says what is known and stays silent
 * about the rest.
 */
export interface CallDetails {
  /** The queue as a person calls it: `/jobs`, `key 0x6869`, `id 12`. Made of name, key, id or descriptor when absent. */
  readonly queue?: string | undefined;
  /** A POSIX queue's name. */
  readonly name?: string | undefined;
  /** A System V key. */
  readonly key?: number | undefined;
  /** A System V queue's id. */
  readonly id?: number | undefined;
  /** A descriptor of a POSIX queue. */
  readonly descriptor?: number | undefined;
  /** The flags of mq_open. */
  readonly oflag?: number | undefined;
  /** The flags of msgget, msgsnd or msgrcv. */
  readonly flags?: number | undefined;
  /** Permission bits that were asked for. */
  readonly mode?: number | undefined;
  /** mq_maxmsg that was asked for. */
  readonly maxMessages?: number | undefined;
  /** mq_msgsize that was asked for, or that the open queue has. */
  readonly maxMessageSize?: number | undefined;
  /** Bytes of the body that was to be sent, or of the message that did not fit. */
  readonly length?: number | undefined;
  /** Bytes that the caller had room for. */
  readonly room?: number | undefined;
  /** msg_qbytes: what the System V queue holds, or was asked to hold. */
  readonly maxBytes?: number | undefined;
  /** Priority of a POSIX message. */
  readonly priority?: number | undefined;
  /** Type or selector of a System V message. */
  readonly type?: number | bigint | undefined;
  /** `read`, `write` or `readwrite`. */
  readonly access?: string | undefined;
  /** The path given to ftok. */
  readonly path?: string | undefined;
  /** The command given to msgctl, by its C name. */
  readonly command?: string | undefined;
  /** A new owner that was asked for. */
  readonly uid?: number | undefined;
  /** A new group that was asked for. */
  readonly gid?: number | undefined;
  /**
   * True where a handle had this System V queue before: that the kernel no longer knows the id then means that the
   * queue was removed, and the error is a `QueueRemovedError`.
   */
  readonly existed?: boolean | undefined;
  /** Asks the kernel whether a queue has this id; undefined where it does not say. */
  readonly idIsKnown?: ((id: number) => boolean | undefined) | undefined;
  /** Asks a descriptor for its attributes, which lets EMFILE count the bytes in use exactly. */
  readonly attributesOf?: AttributesOf | undefined;
  /** The failure underneath. */
  readonly cause?: unknown;
}
