/** Removes the queue with whatever is left in it. */
import { PosixQueue } from "hostmq";
import { name } from "./jobs.js";

PosixQueue.unlink(name);
