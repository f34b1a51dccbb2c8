/** The lifetimes of the addon's threads, descriptors and state. */
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { addonFile, root, start } from "../helpers/peers.js";

const script = (code: string): string[] => ["--input-type=module", "--eval", code];

test("waiting threads end with their calls, their queue and their worker", async (t) => {
  const child = start(t, process.execPath, [join(root, "build/test/native/threads.child.js")]);
  assert.deepEqual(await child.exited, { code: 0, signal: null }, child.stderr);
});

test("an exception in onNotEmpty's callback does not keep a receive of the same queue waiting", async (t) => {
  const child = start(
    t,
    process.execPath,
    script(`
      import { PosixQueue } from "hostmq";
      const name = "/hostmq-test-${process.env.HOSTMQ_TEST_RUN ?? "alone"}-throw-" + process.pid;
      const queue = PosixQueue.create(name, { maxMessages: 1, maxMessageSize: 8 });
      PosixQueue.unlink(name);
      process.once("uncaughtException", (error) => console.log(error.message));
      queue.onNotEmpty(() => { throw new Error("mine"); });
      const received = queue.receive({ timeout: 20000 });
      setTimeout(() => queue.trySend("x"), 20);
      await received;
      setImmediate(() => console.log("received"));
    `),
  );
  const lines = await child.rest();
  assert.deepEqual(lines.sort(), ["mine", "received"], child.stderr);
});

test("a worker's end does not close a descriptor that is somebody else's by now", async (t) => {
  const child = start(
    t,
    process.execPath,
    script(`
      import { once } from "node:events";
      import { closeSync, fstatSync, openSync } from "node:fs";
      import { Worker } from "node:worker_threads";
      const worker = new Worker(\`
        Promise.all(["node:fs", "node:worker_threads", "hostmq"].map((name) => import(name))).then((modules) => {
          const [{ closeSync }, { parentPort }, { PosixQueue }] = modules;
          const name = "/hostmq-test-${process.env.HOSTMQ_TEST_RUN ?? "alone"}-stale-" + process.pid;
          const queue = PosixQueue.create(name, { maxMessages: 1, maxMessageSize: 8 });
          PosixQueue.unlink(name);
          const { descriptor } = queue;
          closeSync(descriptor);
          queue.close();
          parentPort.on("message", () => {});
          parentPort.postMessage(descriptor);
        });
      \`, { eval: true });
      const [descriptor] = await once(worker, "message");
      let mine = -1;
      while (mine < descriptor) mine = openSync("/dev/null");
      await worker.terminate();
      fstatSync(descriptor);
      console.log(mine === descriptor);
    `),
  );
  assert.deepEqual(await child.rest(), ["true"], child.stderr);
});

test("two copies of the package that are given the same addon do not disturb each other", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "hostmq-copies-"));
  t.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  for (const copy of ["one", "two"]) {
    cpSync(join(root, "dist"), join(folder, copy, "dist"), { recursive: true });
    symlinkSync(join(root, "package.json"), join(folder, copy, "package.json"));
  }
  const child = start(
    t,
    process.execPath,
    script(`
      process.env.HOSTMQ_ADDON = ${JSON.stringify(addonFile)};
      const copies = [];
      for (const copy of ["one", "two"]) copies.push(await import(${JSON.stringify(folder)} + "/" + copy + "/dist/index.js"));
      const name = "/hostmq-test-${process.env.HOSTMQ_TEST_RUN ?? "alone"}-copies-" + process.pid;
      const queues = copies.map(({ PosixQueue }) => PosixQueue.openOrCreate(name, { maxMessages: 2, maxMessageSize: 8 }));
      copies[0].PosixQueue.unlink(name);
      for (const queue of queues) {
        const received = queue.receive({ timeout: 20000 });
        setTimeout(() => queue.trySend("x", { priority: 5 }), 20);
        console.log((await received).priority);
        queue.trySend("y", { priority: 3 });
        console.log(queue.tryReceive().priority);
      }
    `),
  );
  assert.deepEqual(await child.rest(), ["5", "3", "5", "3"], child.stderr);
});

test("a codec that aborts its own receive does not let the process end before the next one has come", async (t) => {
  const child = start(
    t,
    process.execPath,
    script(`
      import { PosixQueue } from "hostmq";
      const name = "/hostmq-test-${process.env.HOSTMQ_TEST_RUN ?? "alone"}-count-" + process.pid;
      const controller = new AbortController();
      const decode = (bytes) => { controller.abort(); return bytes.toString(); };
      const codec = { encode: Buffer.from, decode, contentType: "text/plain" };
      const queue = PosixQueue.create(name, { maxMessages: 2, maxMessageSize: 8, codec });
      PosixQueue.unlink(name);
      queue.receive({ signal: controller.signal }).then(({ body }) => console.log(body));
      queue.receive().then(({ body }) => console.log(body));
      queue.trySend("first");
      setTimeout(() => queue.trySend("second"), 300).unref();
    `),
  );
  // The abort comes too late: the message has been taken for this call.
  assert.deepEqual(await child.rest(), ["first", "second"], child.stderr);
});
