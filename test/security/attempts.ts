/** What was tried on a queue, in the order of test/c/permissions.c. */

/** The errno's name, or `"permitted"`, and the words of the error. */
export interface Attempt {
  readonly call: string;
  readonly outcome: string;
  readonly message: string;
}

/** A queue that the tests made, and how they name it. */
export interface Target {
  readonly mode: number;
  readonly name: string;
  readonly key: number;
}

/** What IPC_SET sets; `configure` with all four reads nothing first. */
export interface Wanted {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  readonly maxBytes: number;
}
