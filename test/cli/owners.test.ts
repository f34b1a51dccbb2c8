/** Names of users and groups as /etc/passwd and /etc/group have them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseNames } from "#hostmq/cli/owners";

test("every name has its number, several of one number too", () => {
  assert.deepEqual(parseNames("root:x:0:0:root:/root:/bin/bash\ntoor:x:0:0::/root:/bin/sh\nbin:x:2:2\n"), [
    { name: "root", number: 0 },
    { name: "toor", number: 0 },
    { name: "bin", number: 2 },
  ]);
});

test("lines of NIS, comments and slips name nobody, least of all root", () => {
  assert.deepEqual(parseNames("+::::::\n-mallory::\n+@staff::::::\n# no:x: 0:\nbroken:x:abc:\n:x:0:\nhalf:x\n\n"), []);
});
