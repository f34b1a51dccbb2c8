/** Readers in C and in Node empty one queue: each message goes to one of them, and each gets its own in order. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeChild } from "../helpers/peers.js";
import { families } from "./families.js";

const ranks = [1, 2, 3];
/** Milliseconds without a message after which a reader ends. */
const idle = 2000;

export function testCompetingConsumers(messages: number): void {
  for (const family of families) {
    test(`${family.name}: two C and two Node readers take ${messages} messages, each once and in order`, async (t) => {
      const host = family.host(t);
      const script = new URL("./competitor.child.js", import.meta.url);
      const readers = [
        nodeChild(t, script, [family.name, host.address, idle]),
        nodeChild(t, script, [family.name, host.address, idle]),
        host.receive(["-i", idle], 0),
        host.receive(["-i", idle], 0),
      ];
      for (const reader of readers) assert.equal(await reader.line(), "open");
      const sender = host.send([family.name === "POSIX" ? "-p" : "-t", ranks.join(","), "-s", "6"], messages);

      const times = new Uint8Array(messages);
      const counts: number[] = [];
      for (const reader of readers) {
        const lines = (await reader.rest()).filter((line) => line.startsWith("message"));
        assert.deepEqual(await reader.exited, { code: 0, signal: null }, reader.stderr);
        const last = new Map<number, number>();
        for (const line of lines) {
          const [sequence, rank] = line.split(" ").slice(1).map(Number) as [number, number];
          times[sequence] = (times[sequence] ?? 0) + 1;
          assert.ok(sequence > (last.get(rank) ?? -1), `${sequence} after ${last.get(rank)}, both of rank ${rank}`);
          assert.equal(rank, ranks[sequence % ranks.length]);
          last.set(rank, sequence);
        }
        counts.push(lines.length);
      }
      assert.deepEqual(await sender.rest(), ["open", `sent ${messages}`]);
      assert.equal(
        times.findIndex((time) => time !== 1),
        -1,
      );
      t.diagnostic(`Node ${counts.slice(0, 2).join(" and ")}, C ${counts.slice(2).join(" and ")}`);
      const [node, c] = [counts.slice(0, 2), counts.slice(2)];
      for (const pair of [node, c]) assert.ok(Math.max(...pair) > 0, `both got nothing: ${counts.join(", ")}`);
    });
  }
}
