import { checkBody, checkBuffer, wrongType } from "../arguments.js";
import { failure } from "../errors/failure.js";
import { lastType, native } from "../native.js";
import type { Body, IpcPerm, Msginfo, MsqidDs } from "../native.js";
import { checkInt, checkLong, checkLongField, checkObject, checkUnsigned } from "./arguments.js";
import * as constants from "./constants.js";
import type { IPC_RMID } from "./constants.js";
import { IPC_INFO, IPC_SET, IPC_STAT, MSG_INFO, MSG_STAT, MSG_STAT_ANY } from "./constants.js";

/** What `msgrcv` gives beside the bytes in the buffer. */
export interface MsgReceived {
  /** Bytes of the body. */
  length: number;
  /** The message's type; a bigint where a number would not be exact (above 2^53). */
  type: number | bigint;
}

/** What IPC_INFO and MSG_INFO give. */
export interface MsginfoResult extends Msginfo {
  /** The highest index in use in the kernel's table of queues: what msgctl(2) returns. */
  index: number;
}

/** What MSG_STAT and MSG_STAT_ANY give. */
export interface MsqidDsResult extends MsqidDs {
  /** The id of the queue at that index: what msgctl(2) returns. */
  id: number;
}

/** What IPC_SET changes; what is absent stays as it is. */
export interface MsqidSet {
  /** The new owner, group and permission bits. */
  msg_perm?: Partial<Pick<IpcPerm, "uid" | "gid" | "mode">>;
  /** The most bytes that the queue holds. */
  msg_qbytes?: number;
}

/**
 * msgget(2): the id of the queue with a key.
 *
 * @param key - 32 bits, signed as in C or unsigned; `IPC_PRIVATE` always makes a new queue.
 * @param msgflg - `IPC_CREAT`, `IPC_EXCL` and permission bits.
 * @throws QueueError with the errno of msgget(2).
 */
export function msgget(key: number, msgflg: number): number {
  if (typeof key === "number" && key > 0x7fffffff) checkUnsigned("msgget", "key", key);
  else checkInt("msgget", "key", key);
  checkInt("msgget", "msgflg", msgflg);
  const id = native.msgGet(key, msgflg);
  if (id < 0) throw failure("msgget", id, { key: key | 0, flags: msgflg, mode: msgflg & 0o777 });
  return id;
}

/**
 * msgsnd(2): blocks this thread while the queue is full, unless `IPC_NOWAIT` is given.
 *
 * @param type - C's `mtype`, at least 1.
 * @throws QueueError with code `EAGAIN` (full and `IPC_NOWAIT`), `EACCES`, `EIDRM`, `EINTR`, `EINVAL`, `ENOMEM`.
 */
export function msgsnd(msqid: number, body: Body, type: number | bigint, msgflg = 0): void {
  checkInt("msgsnd", "msqid", msqid);
  checkBody("msgsnd", body);
  checkLong("msgsnd", "type", type);
  checkInt("msgsnd", "msgflg", msgflg);
  const result = native.msgSend(msqid, body, type, msgflg);
  if (result < 0) {
    throw failure("msgsnd", result, { id: msqid, length: Buffer.byteLength(body), type, flags: msgflg });
  }
}

/**
 * msgrcv(2): blocks this thread until there is a message that fits `type`, unless `IPC_NOWAIT` is given. Never restarted after
 * a signal with a handler.
 *
 * @param buffer - Filled with the body from its start; its length is C's `msgsz`.
 * @param type - 0: the oldest; above 0: the oldest of that type; below 0: the lowest type that is at most `-type`.
 * @param msgflg - `IPC_NOWAIT`, `MSG_NOERROR`, `MSG_EXCEPT`, `MSG_COPY`.
 * @throws QueueError with code `ENOMSG` (none and `IPC_NOWAIT`), `EACCES`, `EIDRM`, `EINTR`, `EINVAL`; MessageTooLargeError
 * (`E2BIG`) when the message does not fit: it stays in the queue.
 */
export function msgrcv(msqid: number, buffer: Uint8Array, type: number | bigint = 0, msgflg = 0): MsgReceived {
  checkInt("msgrcv", "msqid", msqid);
  checkBuffer("msgrcv", buffer);
  checkLong("msgrcv", "type", type);
  checkInt("msgrcv", "msgflg", msgflg);
  const length = native.msgReceiveInto(msqid, buffer, type, msgflg);
  if (length < 0) throw failure("msgrcv", length, { id: msqid, room: buffer.length, type, flags: msgflg });
  return { length, type: lastType() };
}

/**
 * msgctl(2) with IPC_STAT: what the kernel keeps of a queue.
 *
 * @throws QueueError with the errno of msgctl(2).
 */
export function msgctl(msqid: number, cmd: typeof IPC_STAT): MsqidDs;
/** msgctl(2) with IPC_SET: changes what is given. */
export function msgctl(msqid: number, cmd: typeof IPC_SET, buf: MsqidSet): void;
/** msgctl(2) with IPC_RMID: removes the queue and wakes all who wait on it with `EIDRM`. */
export function msgctl(msqid: number, cmd: typeof IPC_RMID): void;
/** msgctl(2) with IPC_INFO (limits) or MSG_INFO (what is in use); `index` is the highest in use. `msqid` is ignored. */
export function msgctl(msqid: number, cmd: typeof IPC_INFO | typeof MSG_INFO): MsginfoResult;
/** msgctl(2) with MSG_STAT or MSG_STAT_ANY: the queue at an index of the kernel's table, with its `id`. */
export function msgctl(index: number, cmd: typeof MSG_STAT | typeof MSG_STAT_ANY): MsqidDsResult;
export function msgctl(
  msqid: number,
  cmd: number,
  buf?: MsqidSet,
): MsqidDs | MsginfoResult | MsqidDsResult | undefined {
  checkInt("msgctl", "msqid", msqid);
  const command = commandName(cmd);
  const orThrow = <Result>(result: Result | number): Result => {
    if (typeof result === "number" && result < 0)
      throw failure("msgctl", result, { id: msqid, command, ...changed(buf) });
    return result as Result;
  };
  switch (cmd) {
    case IPC_STAT: {
      const status: MsqidDs & { id?: number } = orThrow(native.msgStatus(msqid, cmd));
      delete status.id;
      return status;
    }
    case MSG_STAT:
    case MSG_STAT_ANY:
      return orThrow(native.msgStatus(msqid, cmd));
    case IPC_INFO:
    case MSG_INFO:
      return orThrow(native.msgInfo(cmd));
    case IPC_SET:
      orThrow(configure(msqid, buf));
      return undefined;
    default:
      orThrow(native.msgRemove(msqid));
      return undefined;
  }
}

function configure(msqid: number, buf: MsqidSet | undefined): number {
  const { msg_perm = {}, msg_qbytes } = checkObject("msgctl", "buf", buf as MsqidSet);
  const { uid, gid, mode } = checkObject("msgctl", "buf.msg_perm", msg_perm);
  const optional = (argument: string, value: number | undefined): number =>
    value === undefined ? -1 : checkUnsigned("msgctl", `buf.${argument}`, value);
  if (msg_qbytes !== undefined) checkLongField("msgctl", "buf.msg_qbytes", msg_qbytes);
  return native.msgConfigure(
    msqid,
    optional("msg_perm.uid", uid),
    optional("msg_perm.gid", gid),
    optional("msg_perm.mode", mode),
    msg_qbytes ?? -1,
  );
}

function changed(buf: MsqidSet | undefined): object {
  return { ...buf?.msg_perm, ...(buf?.msg_qbytes === undefined ? {} : { maxBytes: buf.msg_qbytes }) };
}

const commands = ["IPC_RMID", "IPC_SET", "IPC_STAT", "IPC_INFO", "MSG_STAT", "MSG_INFO", "MSG_STAT_ANY"] as const;

function commandName(cmd: number): string {
  const name = commands.find((command) => constants[command] === cmd);
  if (name === undefined) throw wrongType("msgctl", "cmd", commands.join(", "), cmd);
  return name;
}
