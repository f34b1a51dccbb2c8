import { EACCES, EIDRM, EINVAL } from "../errors/errno.js";
import { IPC_STAT, MSG_INFO, MSG_STAT, MSG_STAT_ANY } from "../msg-constants.js";
import { native } from "../native.js";
import type { MsqidDs } from "../native.js";

/** Everything that the kernel keeps of a System V queue: `struct msqid_ds` of msgctl(2). */
export interface SysVStatus {
  /** The key as C's signed `key_t`; 0 (`IPC_PRIVATE`) where there is none. */
  key: number;
  /** The queue's id in this IPC namespace. */
  id: number;
  /** Messages in the queue. */
  messages: number;
  /** Bytes in all bodies together. */
  bytes: number;
  /** The most bytes that the queue holds (msg_qbytes). */
  maxBytes: number;
  /** Permission bits. */
  mode: number;
  /** The owner. */
  uid: number;
  /** The owner's group. */
  gid: number;
  /** Who created it. */
  creatorUid: number;
  /** The creator's group. */
  creatorGid: number;
  /** Process of the last send; undefined where there was none. */
  lastSenderPid: number | undefined;
  /** Process of the last receive; undefined where there was none. */
  lastReceiverPid: number | undefined;
  /** When the last message was sent, to the second. */
  lastSentAt: Date | undefined;
  /** When the last message was received, to the second. */
  lastReceivedAt: Date | undefined;
  /** When the queue was created or last configured, to the second. */
  changedAt: Date | undefined;
}

/** The status, or a negative errno. */
export function tryStatus(id: number): SysVStatus | number {
  const status = native.msgStatus(id, IPC_STAT);
  return typeof status === "number" ? status : statusOf(id, status);
}

/** Whether a queue has this id, for errors on systems that list no queues; undefined where the kernel does not say. */
export function idIsKnown(id: number): boolean | undefined {
  const status = native.msgStatus(id, IPC_STAT);
  if (typeof status !== "number") return true;
  if (status === -EACCES) return true;
  return status === -EINVAL || status === -EIDRM ? false : undefined;
}

/** One status for each queue of the IPC namespace, or a negative errno. */
export function tryStatuses(): SysVStatus[] | number {
  const info = native.msgInfo(MSG_INFO);
  if (typeof info === "number") return info;
  const statuses: SysVStatus[] = [];
  for (let index = 0; index <= info.index; index++) {
    const status = statusAt(index);
    // Holes between the indices are normal, and a queue may go while we look.
    if (typeof status !== "number") statuses.push(statusOf(status.id, status));
  }
  return statuses;
}

/** MSG_STAT_ANY (Linux 4.17) needs no permission to read the queue. */
function statusAt(index: number): (MsqidDs & { id: number }) | number {
  const any = native.msgStatus(index, MSG_STAT_ANY);
  return typeof any === "number" ? native.msgStatus(index, MSG_STAT) : any;
}

function statusOf(id: number, status: MsqidDs): SysVStatus {
  const { __key: key, uid, gid, cuid, cgid, mode } = status.msg_perm;
  return {
    key,
    id,
    messages: status.msg_qnum,
    bytes: status.msg_cbytes,
    maxBytes: status.msg_qbytes,
    mode,
    uid,
    gid,
    creatorUid: cuid,
    creatorGid: cgid,
    lastSenderPid: orUndefined(status.msg_lspid),
    lastReceiverPid: orUndefined(status.msg_lrpid),
    lastSentAt: dateOf(status.msg_stime),
    lastReceivedAt: dateOf(status.msg_rtime),
    changedAt: dateOf(status.msg_ctime),
  };
}

function orUndefined(pid: number): number | undefined {
  return pid === 0 ? undefined : pid;
}

function dateOf(seconds: number): Date | undefined {
  return seconds === 0 ? undefined : new Date(seconds * 1000);
}
