import { checkInteger, outOfRange, wrongType } from "../arguments.js";
import { failure } from "../errors/failure.js";
import { lastNumber, native } from "../native.js";

/**
 * Makes a key from a file and a project id, by libc's own ftok(3): the value is the one that a C program gets. Different files
 * can give the same key, for only some bits of the inode and device go into it.
 *
 * @param path - A file that exists and stays: a new file of the same name gives another key.
 * @param projectId - Its lowest 8 bits count and must not all be 0; C programs often give a character, such as `"A".charCodeAt(0)`.
 * @returns The key as C's signed `key_t`.
 * @throws QueueError with code `ENOENT`, `EACCES` or another errno of stat(2) when the file cannot be looked at.
 */
export function ftok(path: string, projectId: number): number {
  if (typeof path !== "string") throw wrongType("ftok", "path", "a string", path);
  if (path.includes("\0")) throw outOfRange("ftok", "path", "a path without NUL", path);
  // What C writes as 'A'.
  if (typeof projectId === "string")
    throw wrongType("ftok", "projectId", 'a number, such as "A".charCodeAt(0)', projectId);
  checkInteger("ftok", "projectId", projectId, -(2 ** 31), 2 ** 31 - 1);
  const result = native.ftok(path, projectId);
  if (result < 0) throw failure("ftok", result, { path });
  return lastNumber();
}
