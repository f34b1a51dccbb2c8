import type { Body } from "./native.js";
import type { WaitOptions } from "./wait-options.js";
import type { WaitingLine } from "./waiting.js";

/** A send that was checked and encoded: what goes to the kernel. */
export interface Outgoing {
  body: Body;
  /** The priority or the type. */
  kind: number | bigint;
}

/**
 * What a family of queues does for `MessageQueue`: checks of its own options, its system calls, and its lines of waiting
 * calls. One object for each handle.
 *
 * @typeParam M - The message.
 * @typeParam Incoming - What a receive asks for, checked.
 */
export interface QueueCalls<M extends object, Incoming extends object> {
  /** What a person calls the queue. */
  readonly label: string;

  /** Checks the options of a send and gives the priority or type. */
  checkSend(method: string, options: object | undefined): number | bigint;
  /** Checks the options of a receive and gives what it asks for. */
  checkReceive(method: string, options: object | undefined): Incoming;

  /** The options with which a received message is sent once more. */
  sameKind(message: object): object;

  /** One system call that does not wait: whether there was room. */
  sendNow(outgoing: Outgoing): boolean;
  /** How many of the bodies there was room for. */
  sendManyNow(bodies: readonly Body[], kind: number | bigint): number;
  /** One system call that does not wait. */
  receiveNow(incoming: Incoming): M | undefined;
  /** Absent where each message may be refused by itself. */
  receiveManyNow?(incoming: Incoming, max: number): M[];

  /** Blocks this thread; false after the timeout (milliseconds). */
  sendBlocking(outgoing: Outgoing, timeout: number): boolean;
  /** Blocks this thread; undefined after the timeout (milliseconds). */
  receiveBlocking(incoming: Incoming, timeout: number): M | undefined;

  /** The sends that wait for room. */
  readonly sending: WaitingLine<Outgoing, true>;
  /** The receives that wait for the same; undefined where there are none and none was to be made. */
  receiving(incoming: Incoming, make: true): WaitingLine<Incoming, M>;
  receiving(incoming: Incoming, make: boolean): WaitingLine<Incoming, M> | undefined;

  /** What a handle that coalesces does beyond this; absent where each message is one of the kernel's. */
  readonly coalescing?: Coalescing | undefined;

  timeoutError(operation: string, timeout: number): Error;
  /** Rejects all who wait and gives back what the handle holds in the kernel. */
  close(reason: () => Error): void;
}

/** How messages are sent where many travel in one of the kernel's. */
export interface Coalescing {
  /** Sends a message with the others of the tick. */
  send(outgoing: Outgoing, options: WaitOptions | undefined): Promise<void>;
  /** Blocks this thread for a send that waits: it is a frame, or goes in none. False after the timeout (milliseconds). */
  sendWaitingBlocking(waiting: Outgoing, timeout: number): boolean;
  /** Sends a body back that was refused: by the codec, or because it came in no frame, and then it goes back in none. */
  giveBack(outgoing: Outgoing): Promise<void>;
  /** Messages that were taken from the kernel with others and wait for a receive. */
  readonly inHand: number;
}

/** What coalescing needs of a family. */
export interface Carrier<M extends object, Incoming extends object> extends QueueCalls<M, Incoming> {
  /** The most bytes that a message of the kernel can have in this queue. */
  largestMessage(): number;
  /** A message of the same priority or type. */
  withBody(message: M, body: Buffer): M;
  /** Checks the options of a receive; refuses what cannot be had of a frame. */
  checkWholeReceive(method: string, options: object | undefined): Incoming;
  /** Whether a receive asks for such a message. */
  selects(incoming: Incoming, message: M): boolean;
  /** A body is longer than the memory to receive it into. */
  overRoomError(length: number, room: number): Error;
  /** The same for receives that ask for the same. */
  lineKey(incoming: Incoming): string;
}
