import { fchmodSync, fchownSync } from "node:fs";
import { failure } from "../errors/failure.js";

/** Who owns a queue, and what its mode lets others do; what is absent stays. */
export interface PosixPermissions {
  readonly mode?: number | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

/** An open queue, and what a person calls it. */
interface Named {
  readonly descriptor: number;
  readonly name: string;
}

/** Changes mode, owner and group of an open queue, as far as they are given. */
export function setPermissions({ descriptor, name }: Named, { mode, uid, gid }: PosixPermissions): void {
  if (uid !== undefined || gid !== undefined) {
    explained("fchown", { name, uid, gid }, () => {
      fchownSync(descriptor, uid ?? -1, gid ?? -1);
    });
  }
  if (mode !== undefined) {
    explained("fchmod", { name, mode }, () => {
      fchmodSync(descriptor, mode);
    });
  }
}

/** Node's error knows neither the queue nor who may do this. */
function explained(call: "fchmod" | "fchown", details: { name: string } & PosixPermissions, act: () => void): void {
  try {
    act();
  } catch (error) {
    const { errno } = error as NodeJS.ErrnoException;
    throw errno === undefined ? error : failure(call, errno, details);
  }
}
