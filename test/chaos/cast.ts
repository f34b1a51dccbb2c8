/** One program on the stage of chaos: started, watched, killed and started again. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { type Program, root, start } from "../helpers/peers.js";
import type { TestScope } from "../helpers/names.js";
import { firstNumber, type Ledger } from "./ledger.js";

export interface Part {
  readonly family: "posix" | "sysv";
  readonly address: string | number;
  readonly language: "C" | "Node";
  readonly role: "send" | "receive";
  /** Of a sender. */
  readonly rank: number;
  /** Milliseconds between two messages of a sender. */
  readonly pace: number;
  /** Never killed: its memory is watched. */
  readonly steady: boolean;
  readonly env: NodeJS.ProcessEnv;
}

const member = fileURLToPath(new URL("./member.child.js", import.meta.url));

export class Member {
  readonly part: Part;
  /** Something that must not be, as it was met. */
  trouble: unknown;
  readonly #t: TestScope;
  readonly #ledger: Ledger;
  #program: Program | undefined;
  #expected: "to live" | "to be killed" | "to end" = "to live";
  #reopened: (() => void) | undefined;
  #watched: Promise<void> = Promise.resolve();

  constructor(t: TestScope, part: Part, ledger: Ledger) {
    this.#t = t;
    this.part = part;
    this.#ledger = ledger;
  }

  start(): void {
    const { family, address, language, role, rank, pace, env } = this.part;
    const first = this.#ledger.next(rank);
    const sends = role === "send";
    this.#expected = "to live";
    if (language === "Node") {
      this.#program = start(this.#t, process.execPath, [member, family, address, role, rank, first, pace], { env });
    } else {
      const options = sends ? ["-f", first, family === "posix" ? "-p" : "-t", rank, "-d", pace * 1000, "-v"] : [];
      this.#program = start(this.#t, join(root, `build/peers/${family}_${role}`), [...options, address, 0]);
    }
    this.#watched = this.#watch(this.#program).catch((error: unknown) => {
      this.trouble ??= error;
    });
  }

  async kill(): Promise<void> {
    this.#expected = "to be killed";
    this.#program?.child.kill("SIGKILL");
    await this.#watched;
  }

  /** Asks a sender to end after the message at hand. */
  async end(): Promise<void> {
    this.#expected = "to end";
    if (this.part.language === "C") this.#program?.child.kill("SIGTERM");
    else this.#program?.child.stdin.write("end\n");
    await this.#watched;
  }

  async reopen(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#reopened = resolve;
      this.#program?.child.stdin.write("reopen\n");
    });
  }

  /** What the process holds, as the system tells: bytes, descriptors, threads. */
  holding(): { resident: number; descriptors: number; threads: number } {
    const proc = `/proc/${this.#program?.child.pid ?? 0}`;
    const pages = Number(readFileSync(`${proc}/statm`, "utf8").split(" ")[1]);
    return {
      resident: pages * 4096,
      descriptors: readdirSync(`${proc}/fd`).length,
      threads: readdirSync(`${proc}/task`).length,
    };
  }

  async #watch(program: Program): Promise<void> {
    const last = new Map<number, number>();
    const { rank, role, language } = this.part;
    for await (const line of lines(program)) {
      const [word, ...numbers] = line.split(" ");
      const [number = 0, ofRank = rank] = numbers.map(Number);
      if (word === "sent") {
        // At its end a C sender says how many.
        if (number >= firstNumber) this.#ledger.sent(rank, number);
      } else if (word === "message") {
        this.#ledger.received(ofRank, number);
        assert.ok(number > (last.get(ofRank) ?? 0), `${number} after ${last.get(ofRank)}, both of rank ${ofRank}`);
        last.set(ofRank, number);
      } else if (word === "reopened") {
        this.#reopened?.();
      } else if (!(word === "open" || (word === "error" && language === "C"))) {
        assert.fail(`${language} ${role}: ${line}`);
      }
    }
    const { code, signal } = await program.exited;
    if (this.#expected === "to be killed") {
      if (role === "send") this.#ledger.senderKilled(rank);
      return;
    }
    // A C program ends when its System V queue is removed; then it is started again.
    const removed = language === "C" && this.part.family === "sysv" && code === 1;
    if (this.#expected === "to live" && removed) {
      this.start();
      await this.#watched;
      return;
    }
    assert.deepEqual([this.#expected, code, signal], ["to end", 0, null], `${language} ${role}: ${program.stderr}`);
  }
}

async function* lines(program: Program): AsyncGenerator<string> {
  for (;;) {
    let line: string;
    try {
      line = await program.line();
    } catch {
      // It has ended; how it did is looked at by the caller.
      return;
    }
    yield line;
  }
}
