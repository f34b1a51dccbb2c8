import { describeInPrivateNamespace } from "../helpers/private-namespace.js";
import { deepQueues, killRounds } from "./kill-rounds.js";

/** Kills of each command: issue 4's number. */
const rounds = Number(process.env.HOSTMQ_TEST_KILLS ?? 200);

describeInPrivateNamespace("kill -9", import.meta.url, { ...deepQueues, timeout: 3_600_000 }, () => {
  killRounds(rounds);
});
