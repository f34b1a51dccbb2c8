import { cbor } from "hostmq/cbor";
import { decodes } from "../engine/decodes.js";

export const target = decodes(cbor(), [Error]);
