import { text } from "hostmq";
import { decodes } from "../engine/decodes.js";

export const target = decodes(text, [TypeError]);
