import { EACCES, EEXIST, ENOENT, hasErrno } from "../errors/errno.js";
import { failure } from "../errors/failure.js";
import { keyLabel } from "../errors/words.js";
import { IPC_CREAT, IPC_EXCL, IPC_PRIVATE } from "../msg-constants.js";
import { native } from "../native.js";
import type { SysVConfiguration } from "./options.js";
import { idIsKnown, tryStatuses } from "./status.js";

/** What names a queue in errors. */
export interface QueueNames {
  label: string;
  id: number;
  key: number | undefined;
}

type Creation = Pick<SysVConfiguration, "mode" | "maxBytes">;

export function openId(key: number): QueueNames {
  const id = native.msgGet(key, 0);
  if (id < 0) throw failure("msgget", id, { key });
  return { label: keyLabel(key), id, key };
}

export function createId(key: number, options: Creation): QueueNames {
  const { mode = 0o600, maxBytes } = options;
  const flags = IPC_CREAT | IPC_EXCL | mode;
  const id = native.msgGet(key, flags);
  if (id < 0) throw failure("msgget", id, { key, flags, mode });
  const names = { label: key === IPC_PRIVATE ? `id ${id}` : keyLabel(key), id, key };
  if (maxBytes !== undefined) configureNew(names, maxBytes);
  return names;
}

/** Opening and creating in turn tells which of the two it was. */
export function openOrCreateId(key: number, options: Creation): QueueNames {
  for (;;) {
    const id = native.msgGet(key, 0);
    if (id >= 0) return { label: keyLabel(key), id, key };
    if (id !== -ENOENT) throw failure("msgget", id, { key });
    try {
      return createId(key, options);
    } catch (error) {
      if (!hasErrno(error, EEXIST)) throw error;
    }
  }
}

/** Changes what is given. */
export function configureId({ id, label, key }: QueueNames, changes: SysVConfiguration): void {
  let result = set(id, changes);
  if (result === -EACCES) {
    // What is kept must be read first, and an owner may change a mode that forbids that; anybody may read it in the whole table.
    const statuses = tryStatuses();
    const kept = typeof statuses === "number" ? undefined : statuses.find((status) => status.id === id);
    if (kept !== undefined) result = set(id, { ...kept, ...given(changes) });
  }
  if (result < 0) {
    throw failure("msgctl", result, {
      queue: label,
      id,
      key,
      command: "IPC_SET",
      existed: true,
      idIsKnown,
      ...changes,
    });
  }
}

/** The kernel reads what is absent, and sets all four. */
function set(id: number, { uid = -1, gid = -1, mode = -1, maxBytes = -1 }: SysVConfiguration): number {
  return native.msgConfigure(id, uid, gid, mode, maxBytes);
}

function given(changes: SysVConfiguration): SysVConfiguration {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

/** A queue that cannot be had as asked for is not left behind. */
function configureNew(names: QueueNames, maxBytes: number): void {
  try {
    configureId(names, { maxBytes });
  } catch (error) {
    native.msgRemove(names.id);
    throw error;
  }
}
