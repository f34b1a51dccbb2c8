/** What the kernel does, in a few lines of memory: one queue of either family, and who waits on it. */

export interface ModelMessage {
  readonly body: string;
  /** The priority or the type. */
  readonly kind: number;
}

/** What to receive, by the names of SysVQueue; nothing for POSIX. */
export type Selector = { readonly type: number } | { readonly upTo: number } | { readonly except: number } | undefined;

/** A queue in the kernel. */
export class ModelQueue {
  readonly messages: ModelMessage[] = [];
  /** Sends that wait for room and receives that wait for a message, of one handle each. */
  readonly sends: ModelCall[] = [];
  readonly receives: ModelCall[] = [];
  removed = false;

  /** POSIX: `most` counts messages. System V: bytes, and as many messages as bytes. */
  constructor(
    readonly family: "posix" | "sysv",
    public most: number,
  ) {}

  get bytes(): number {
    return this.messages.reduce((sum, { body }) => sum + body.length, 0);
  }

  hasRoom(body: string): boolean {
    if (this.messages.length >= this.most) return false;
    return this.family === "posix" || this.bytes + body.length <= this.most;
  }

  add(message: ModelMessage): void {
    // Higher priorities first, first in first out within one; System V keeps the order of arrival.
    const behind = this.family === "posix" ? this.messages.findIndex(({ kind }) => kind < message.kind) : -1;
    this.messages.splice(behind < 0 ? this.messages.length : behind, 0, message);
  }

  find(selector: Selector): number {
    const { messages } = this;
    if (selector === undefined) return messages.length === 0 ? -1 : 0;
    if ("type" in selector) return messages.findIndex(({ kind }) => kind === selector.type);
    if ("except" in selector) return messages.findIndex(({ kind }) => kind !== selector.except);
    const lowest = Math.min(...messages.map(({ kind }) => kind));
    return lowest <= selector.upTo ? messages.findIndex(({ kind }) => kind === lowest) : -1;
  }

  take(selector: Selector): ModelMessage | undefined {
    const place = this.find(selector);
    return place < 0 ? undefined : this.messages.splice(place, 1)[0];
  }

  /** Lets in who waits for room and gives out what is waited for, until nobody can go on. Gives the calls that ended. */
  proceed(): ModelCall[] {
    const ended: ModelCall[] = [];
    for (;;) {
      const [receive] = this.receives;
      const message = receive === undefined ? undefined : this.take(receive.selector);
      if (receive !== undefined && message !== undefined) {
        receive.expected = message;
        ended.push(receive);
        this.receives.shift();
        continue;
      }
      const [send] = this.sends;
      if (send?.message === undefined || !this.hasRoom(send.message.body)) return ended;
      this.add(send.message);
      ended.push(send);
      this.sends.shift();
    }
  }
}

/** A call that was promised a result. */
export interface ModelCall {
  readonly handle: object;
  readonly message?: ModelMessage;
  readonly selector?: Selector;
  /** What it settles with, as far as the model knows; a receive's message. */
  expected?: ModelMessage;
  /** The real promise, told apart by outcome. */
  readonly outcome: Promise<{ readonly value?: unknown; readonly error?: unknown }>;
  readonly isSettled: () => boolean;
  readonly abort: AbortController;
}
