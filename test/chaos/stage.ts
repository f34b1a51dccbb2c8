/** The queue of one family and all who use it, and what chaos does to them. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { PosixQueue, SysVQueue } from "hostmq";
import { posixName, sysvKey, type TestScope } from "../helpers/names.js";
import { Member, type Part } from "./cast.js";
import { Ledger } from "./ledger.js";

const posixSizes = { maxMessages: 8, maxMessageSize: 64 };
const sysvSizes = { maxBytes: 128 };
/** Bytes of a body. */
const digits = 10;
/** Milliseconds in which a queue that nobody sends to is emptied. */
const patience = 60_000;
/** Milliseconds in which a reader says what it took. */
const telling = 500;

/** What happened. */
export interface Counts {
  killedReaders: number;
  killedSenders: number;
  recreated: number;
}

export class Stage {
  readonly counts: Counts = { killedReaders: 0, killedSenders: 0, recreated: 0 };
  readonly ledger = new Ledger();
  readonly members: Member[] = [];
  readonly family: "posix" | "sysv";
  readonly #address: string | number;
  #queue: PosixQueue | SysVQueue;

  /** `troubled`: the environment of those whose system is in trouble. */
  constructor(t: TestScope, family: "posix" | "sysv", pace: number, troubled: NodeJS.ProcessEnv) {
    this.family = family;
    this.#address = family === "posix" ? posixName(t) : sysvKey(t);
    this.#queue = this.#create();
    let rank = 0;
    const add = (part: Pick<Part, "language" | "role" | "env" | "steady">): void => {
      this.members.push(new Member(t, { ...part, family, address: this.#address, rank: ++rank, pace }, this.ledger));
    };
    for (const role of ["send", "receive"] as const) {
      add({ language: "C", role, env: {}, steady: false });
      add({ language: "Node", role, env: {}, steady: false });
      add({ language: "Node", role, env: troubled, steady: false });
      add({ language: "Node", role, env: troubled, steady: true });
    }
    for (const member of this.members) member.start();
  }

  /** kill -9 of a reader or a sender, which is started again. */
  async kill(member: Member): Promise<void> {
    await member.kill();
    this.counts[member.part.role === "send" ? "killedSenders" : "killedReaders"]++;
    member.start();
  }

  /** The queue is removed, and another made in its place. */
  async recreate(): Promise<void> {
    this.counts.recreated++;
    if (this.#queue instanceof SysVQueue) {
      this.#queue.remove();
      this.#queue.close();
      this.#queue = this.#create();
    } else {
      await this.#recreatePosix(this.#queue);
    }
  }

  /** Whoever has a POSIX queue open keeps it: the senders move first, and the readers when they have emptied the old one. */
  async #recreatePosix(old: PosixQueue): Promise<void> {
    PosixQueue.unlink(old.name);
    this.#queue = this.#create();
    for (const member of this.#of("send")) {
      if (member.part.language === "Node") await member.reopen();
      else {
        await member.end();
        member.start();
      }
    }
    await this.#empty(() => old.attributes().currentMessages);
    for (const member of this.#of("receive")) {
      if (member.part.language === "Node") await member.reopen();
      else await this.kill(member);
    }
    old.close();
  }

  /** The senders end, the readers take what there is, and they end. */
  async end(): Promise<void> {
    await Promise.all(this.#of("send").map((member) => member.end()));
    const queue = this.#queue;
    await this.#empty(() =>
      queue instanceof SysVQueue ? queue.status().messages : queue.attributes().currentMessages,
    );
    for (const member of this.#of("receive")) await (member.part.language === "C" ? member.kill() : member.end());
    queue.close();
    if (queue instanceof SysVQueue) SysVQueue.fromId(queue.id).remove();
    else PosixQueue.unlink(queue.name);
  }

  /** How many messages may be gone: one in the hands of each reader that was killed, and what was in a removed System V queue. */
  mayBeLost(): number {
    const inRemoved = this.family === "sysv" ? this.counts.recreated * Math.floor(sysvSizes.maxBytes / digits) : 0;
    return this.counts.killedReaders + inRemoved;
  }

  /** Fails when something was seen that must not be. */
  check(): void {
    for (const { trouble } of this.members) assert.ifError(trouble);
  }

  #of(role: "send" | "receive"): Member[] {
    return this.members.filter((member) => member.part.role === role);
  }

  #create(): PosixQueue | SysVQueue {
    return this.family === "posix"
      ? PosixQueue.create(this.#address as string, posixSizes)
      : SysVQueue.create(this.#address as number, sysvSizes);
  }

  async #empty(messages: () => number): Promise<void> {
    const end = performance.now() + patience;
    while (messages() > 0) {
      assert.ok(performance.now() < end, `${this.family}: nobody takes the last messages`);
      this.check();
      await sleep(10);
    }
    await sleep(telling);
  }
}
