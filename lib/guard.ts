import { addAbortAction, removeAbortAction } from "./abort.js";
import { Deadline } from "./deadline.js";

/** What may end a wait before its time. */
export interface GuardOptions {
  timeout?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** Watches over one wait until it is released. */
export interface Guard {
  release(): void;
}

/** Calls `expired` at the deadline and `aborted` when the signal is; undefined where the wait has neither. */
export function guarded(
  options: GuardOptions | undefined,
  expired: (timeout: number) => void,
  aborted: (reason: unknown) => void,
): Guard | undefined {
  const timeout = options?.timeout;
  const signal = options?.signal;
  const deadline =
    timeout === undefined || timeout <= 0
      ? undefined
      : new Deadline(timeout, () => {
          expired(timeout);
        });
  if (signal === undefined) {
    if (deadline === undefined) return undefined;
    return {
      release() {
        deadline.cancel();
      },
    };
  }
  const onAbort = (): void => {
    aborted(signal.reason);
  };
  addAbortAction(signal, onAbort);
  return {
    release() {
      deadline?.cancel();
      removeAbortAction(signal, onAbort);
    },
  };
}
