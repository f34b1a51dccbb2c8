#!/usr/bin/env node
// Prints where the headers of node-addon-api are, for both builds: in a clone the installed package, in an installed hostmq
// the copy that scripts/prebuild puts beside the prebuilt files. A dependency would have to be fetched by everybody for the
// few who compile, and even a bundled one is looked up in the registry by yarn.
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";

function folder() {
  try {
    return dirname(createRequire(import.meta.url).resolve("node-addon-api/napi.h"));
  } catch {
    return join(import.meta.dirname, "../prebuilds/node-addon-api");
  }
}

// Relative, because gyp splits at spaces.
console.log(relative(process.cwd(), folder()));
