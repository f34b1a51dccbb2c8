import { describeInPrivateNamespace } from "../helpers/private-namespace.js";
import { deepQueues, killRounds } from "./kill-rounds.js";

/** Kills of each command; the slow suite does two hundred. */
const rounds = 1;

describeInPrivateNamespace("kill -9", import.meta.url, deepQueues, () => {
  killRounds(rounds);
});
