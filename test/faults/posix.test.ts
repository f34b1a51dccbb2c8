/** Each call of a POSIX queue fails with each errno that it may: the documented error, nothing lost, nothing leaked. */
import { test } from "node:test";
import { startWaiting, testFailures, testSurvivals } from "./cases.js";
import { describeWithFaults } from "./faults.js";
import { beforeStart, failures, family, survivals } from "./posix-cases.js";

describeWithFaults("calls of a POSIX queue", import.meta.url, () => {
  testFailures(family, beforeStart);
  test("after all that a wait starts the thread", () => startWaiting(family));
  testFailures(family, failures);
  testSurvivals(family, survivals);
});
