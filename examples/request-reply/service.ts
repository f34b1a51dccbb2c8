/** What both programs of the example agree on. */
import { json, SysVQueue } from "hostmq";

export interface Request {
  text: string;
  /** The type that the reply must have. */
  replyTo: number;
}

export interface Reply {
  text: string;
}

/** The keys can be given: the first argument is the key of the requests, the next number that of the replies. */
const key = Number(process.argv[2] ?? 0x68716578);

export function openRequests(): SysVQueue<Request> {
  return SysVQueue.openOrCreate(key, { codec: json<Request>() });
}

/** A queue of their own: in a shared one, requests could leave no room for the replies. */
export function openReplies(): SysVQueue<Reply> {
  return SysVQueue.openOrCreate(key + 1, { codec: json<Reply>() });
}
