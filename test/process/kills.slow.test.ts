import { testKills } from "./kills.js";

/** Kills of each program on each side. */
testKills(Number(process.env.HOSTMQ_TEST_KILLS ?? 100));
