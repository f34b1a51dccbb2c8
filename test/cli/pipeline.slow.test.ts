/** A gibibyte of random bytes through `send | receive` and a queue of ten messages of 8 KiB. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { shell } from "../helpers/cli.js";
import { describeInPrivateNamespace } from "../helpers/private-namespace.js";

const bytes = 1024 ** 3;

describeInPrivateNamespace("a gibibyte", import.meta.url, { timeout: 1_200_000 }, () => {
  for (const [family, queue, create] of [
    ["POSIX", "/gibibyte", "hostmq create /gibibyte --max-messages 10 --max-size 8k"],
    ["System V", "key:0x6762", "hostmq create key:0x6762"],
  ] as const) {
    test(`arrives unchanged (${family})`, () => {
      const { status, stdout, stderr } = shell(`
        set -o pipefail
        ${create}
        exec 3>&1
        head -c ${bytes} /dev/urandom | tee >(sha256sum >&3) | hostmq send ${queue} --size 8k --end &
        hostmq receive ${queue} --end | sha256sum
        wait $! && hostmq rm ${queue}
      `);
      assert.equal(status, 0, stderr);
      const [sent, received] = stdout.trim().split("\n");
      assert.match(sent ?? "", /^[0-9a-f]{64}/u);
      assert.equal(received, sent);
    });
  }
});
