import { fileURLToPath } from "node:url";

/** The folder of this copy of the package: dist/, which holds all that is made of lib/'s own files, lies in it. */
export const packageFolder = fileURLToPath(new URL("..", import.meta.url));
