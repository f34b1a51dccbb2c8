import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import * as sys from "hostmq/sys";
import { root, runToEnd } from "../helpers/peers.js";

test("every constant has the value that C gives it", () => {
  const { status, stdout, stderr } = runToEnd(join(root, "build/peers/print_constants"), []);
  assert.equal(status, 0, stderr);
  const inC = Object.fromEntries(
    stdout
      .trim()
      .split("\n")
      .map((line) => line.split(" "))
      .map(([name = "", value]) => [name, Number(value)]),
  );
  const here = Object.fromEntries(Object.entries(sys).filter(([, value]) => typeof value === "number"));
  assert.deepEqual(here, inC);
});

test("every function of both headers is there under its C name", () => {
  const functions = Object.entries(sys).filter(([, value]) => typeof value === "function");
  assert.deepEqual(functions.map(([name]) => name).sort(), [
    ..."ftok mq_close mq_getattr mq_notify mq_open mq_receive mq_send mq_setattr mq_timedreceive".split(" "),
    ..."mq_timedsend mq_unlink msgctl msgget msgrcv msgsnd".split(" "),
  ]);
});
