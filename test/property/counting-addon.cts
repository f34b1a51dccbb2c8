/** The addon, counting the calls into it. A test names this file in `HOSTMQ_ADDON`. */
import nodeModule = require("node:module");
import path = require("node:path");

type Native = Record<string, (...parameters: unknown[]) => unknown>;

const addon = nodeModule.createRequire(__filename)(path.join(__dirname, "../../Release/hostmq.node")) as Native;
const counted: Native & { calls?: string[] } = {};
/** The names of the calls so far; not enumerable, so that it is no function of the addon. */
Object.defineProperty(counted, "calls", { value: [] });
for (const [name, call] of Object.entries(addon)) {
  counted[name] = (...parameters) => {
    counted.calls?.push(name);
    return call(...parameters);
  };
}
export = counted;
