/** What steps.child.ts can do as somebody else. */

/** One call on the queue with this name or key. */
export interface Step {
  readonly family: "posix" | "sysv";
  readonly call:
    | "create"
    | "open"
    | "openRead"
    | "openOrCreate"
    | "send"
    | "receive"
    | "status"
    | "statusOfId"
    | "configure"
    | "chmod"
    | "chown"
    | "remove"
    | "sendAfterModeChange";
  readonly name?: string;
  readonly key?: number;
  readonly id?: number;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

/** How it ended. */
export interface StepOutcome {
  /** `"permitted"` or the error's code. */
  readonly outcome: string;
  readonly message: string;
  /** Of `openOrCreate`: the owner of what was opened. */
  readonly owner?: number | undefined;
}
