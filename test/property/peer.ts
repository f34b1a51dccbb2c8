/** A second process that uses the queue of a model test, and can be killed. */
import { nodeChild, type Program } from "../helpers/peers.js";
import type { TestScope } from "../helpers/names.js";

export interface PlainMessage {
  readonly body: string;
  readonly kind: number;
}

/** What peer.child.ts is told. */
export interface Order {
  readonly id: number;
  readonly act: "trySend" | "tryReceiveMany" | "send" | "receive" | "abort";
  readonly body?: string;
  readonly kind?: number;
  readonly selector?: object;
  readonly count?: number;
  /** The id of the order to abort. */
  readonly which?: number;
}

type Answer = { readonly id: number } & { readonly begun?: true; readonly value?: unknown; readonly error?: string };

/** A call in the other process. */
export interface RemoteCall {
  readonly id: number;
  readonly begun: Promise<void>;
  readonly outcome: Promise<{ readonly value?: unknown; readonly error?: unknown }>;
}

export class Peer {
  readonly #program: Program;
  readonly #answers = new Map<number, (answer: Answer) => void>();
  #next = 0;

  private constructor(program: Program) {
    this.#program = program;
  }

  static async start(t: TestScope, family: string, address: string | number): Promise<Peer> {
    const program = nodeChild(t, new URL("./peer.child.js", import.meta.url), [family, address]);
    await program.line();
    const peer = new Peer(program);
    void peer.#listen();
    return peer;
  }

  order(order: Omit<Order, "id">): RemoteCall {
    const id = this.#next++;
    let begin!: () => void;
    let end!: (answer: Answer) => void;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const outcome = new Promise<Answer>((resolve) => (end = resolve));
    this.#answers.set(id, (answer) => {
      begin();
      if (answer.begun !== true) end(answer);
    });
    this.#program.child.stdin.write(`${JSON.stringify({ ...order, id })}\n`);
    return { id, begun, outcome };
  }

  /** kill -9, and the end of what it held. */
  async kill(): Promise<void> {
    this.#program.child.kill("SIGKILL");
    await this.#program.exited;
  }

  async #listen(): Promise<void> {
    for (;;) {
      const line = await this.#program.line().catch(() => undefined);
      if (line === undefined) return;
      const answer = JSON.parse(line) as Answer;
      this.#answers.get(answer.id)?.(answer);
    }
  }
}
