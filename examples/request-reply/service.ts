/** What both programs of the example agree on. */
import { json } from "hostmq";

export interface Request {
  text: string;
  /** The type that the reply must have. */
  replyTo: number;
}

export interface Reply {
  text: string;
}

/** The keys can be given: the first argument is the key of the requests, the next number that of the replies. */
export const requestsKey = Number(process.argv[2] ?? 0x68716578);
/** A queue of their own: in a shared one, requests could leave no room for the replies. */
export const repliesKey = requestsKey + 1;

export const requestCodec = json<Request>();
export const replyCodec = json<Reply>();
