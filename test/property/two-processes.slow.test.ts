/** Many random sequences of calls from two processes against a model: two-processes.ts. */
import { testTwoProcesses } from "./two-processes.js";

testTwoProcesses(60);
