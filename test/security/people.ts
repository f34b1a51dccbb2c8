/** The people of the permission tests: numbers that nobody else on the machine has. */
import type { User } from "../helpers/as-user.js";

const first = 300_000 + (process.pid % 100_000) * 10;

export const owner: User = { uid: first, gid: first };

/** Who asks, by the class of permission bits that counts for them. */
export const people = {
  owner,
  group: { uid: first + 1, gid: owner.gid },
  "supplementary group": { uid: first + 2, gid: first + 2, groups: [owner.gid] },
  other: { uid: first + 3, gid: first + 3 },
  root: { uid: 0, gid: 0 },
} as const satisfies Record<string, User>;

export type Person = keyof typeof people;
