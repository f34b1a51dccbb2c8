import { msgpack } from "hostmq/msgpack";
import { decodes } from "../engine/decodes.js";

export const target = decodes(msgpack(), [Error]);
