import { failure } from "../errors/failure.js";
import { native } from "../native.js";
import { ignore, listen, readableEvent, writableEvent } from "../readiness.js";

/** Told that the queue may have a message, or room. */
type Listener = () => void;

/**
 * Watches one queue descriptor for a message and for room. A watch ends with its first report, so what is still wanted then
 * is watched for anew; false reports are normal, for others read from the queue too.
 */
export class DescriptorReadiness {
  readonly #descriptor: number;
  readonly #label: string;
  readonly #listeners = new Map<Listener, number>();
  #token: number | undefined;
  #watched = false;

  constructor(descriptor: number, label: string) {
    this.#descriptor = descriptor;
    this.#label = label;
  }

  /** Calls the listener once, when the event may be there. */
  want(event: number, listener: Listener): void {
    this.#listeners.set(listener, event);
    try {
      this.#watch();
    } catch (error) {
      this.unwant(listener);
      throw error;
    }
  }

  /** A report that is on its way will not find this listener. */
  unwant(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size === 0) this.close();
  }

  close(): void {
    this.#listeners.clear();
    if (this.#token !== undefined) ignore(this.#token);
    this.#token = undefined;
  }

  #watch(): void {
    this.#token ??= listen(this.#report);
    let events = 0;
    for (const event of this.#listeners.values()) events |= event;
    const result = native.watch(this.#descriptor, events, this.#token);
    if (result < 0) throw failure("epoll_ctl", result, { queue: this.#label, descriptor: this.#descriptor });
    this.#watched = true;
  }

  readonly #report = (events: number): void => {
    // Errors and hang-ups concern both directions: the next try tells what is the matter.
    const both = readableEvent | writableEvent;
    const concerned = (events & both) === 0 ? both : events;
    this.#watched = false;
    this.#tell(concerned);
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- a listener may have asked again meanwhile
    if (this.#watched || this.#listeners.size === 0) return;
    try {
      this.#watch();
    } catch {
      // There is nobody here to be told of the error: who still waits meets it when he asks again.
      this.#tell(both);
    }
  };

  #tell(concerned: number): void {
    const told: Listener[] = [];
    for (const [listener, event] of this.#listeners) {
      if ((event & concerned) !== 0) told.push(listener);
    }
    for (const listener of told) this.#listeners.delete(listener);
    for (const listener of told) listener();
    if (this.#listeners.size === 0) this.close();
  }
}
