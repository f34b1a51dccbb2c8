import type { Body } from "./native.js";
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
  receiveManyNow(incoming: Incoming, max: number): M[];

  /** Blocks this thread; false after the timeout (milliseconds). */
  sendBlocking(outgoing: Outgoing, timeout: number): boolean;
  /** Blocks this thread; undefined after the timeout (milliseconds). */
  receiveBlocking(incoming: Incoming, timeout: number): M | undefined;

  /** The sends that wait for room. */
  readonly sending: WaitingLine<Outgoing, true>;
  /** The receives that wait for the same; undefined where there are none and none was to be made. */
  receiving(incoming: Incoming, make: true): WaitingLine<Incoming, M>;
  receiving(incoming: Incoming, make: boolean): WaitingLine<Incoming, M> | undefined;

  timeoutError(operation: string, timeout: number): Error;
  /** Rejects all who wait and gives back what the handle holds in the kernel. */
  close(reason: () => Error): void;
}
