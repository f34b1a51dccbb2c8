import { fileURLToPath } from "node:url";

const program = (family) => fileURLToPath(new URL(`../build/${family}`, import.meta.url));

/** What everybody is compared with: blocking calls of C. Its programs do all works themselves. */
export default {
  modes: {
    posix: { label: "C, POSIX", family: "posix", works: ["pair", "drain", "oneway", "pingpong"] },
    sysv: { label: "C, System V", family: "sysv", works: ["pair", "drain", "oneway", "pingpong"] },
  },
  command: (mode, work, parameters) => [program(mode), work, ...parameters],
};
