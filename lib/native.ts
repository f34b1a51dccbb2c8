import { loadAddon } from "./addon-loading.js";

/** Bytes, or a string that stands for its UTF-8 bytes. */
export type Body = Uint8Array | string;

/**
 * What the addon offers: the system calls, and the means to wait. A call answers with its result or the negative errno,
 * as the kernel does; nothing here throws. Priorities and types of received messages are left in `kind`.
 */
export interface NativeAddon {
  setKindMemory(memory: Float64Array): void;
  openChannel(listener: (token: number, events: number) => void): number;
  refChannel(): void;
  unrefChannel(): void;
  /** Lets another program that is ready to run have the core. */
  schedYield(): void;

  /** `maxMessages` below 0 asks for the system's defaults. */
  mqOpen(name: string, oflag: number, mode: number, maxMessages: number, maxMessageSize: number): number;
  mqAdopt(descriptor: number): number;
  mqClose(descriptor: number): number;
  mqUnlink(name: string): number;
  mqSend(descriptor: number, body: Body, priority: number): number;
  mqReceive(descriptor: number, into: Uint8Array, offset: number): number;
  mqTimedSend(descriptor: number, body: Body, priority: number, seconds: number, nanoseconds: number): number;
  mqTimedReceive(descriptor: number, into: Uint8Array, offset: number, seconds: number, nanoseconds: number): number;
  mqSendMany(descriptor: number, bodies: readonly Body[], priority: number): number;
  mqReceiveMany(
    descriptor: number,
    slab: Uint8Array,
    offset: number,
    room: number,
    max: number,
    table: Float64Array,
  ): number;
  mqWait(descriptor: number, events: number, timeout: number): number;
  /** Fills flags, maxmsg, msgsize, curmsgs; `flags` below 0 changes nothing. */
  mqGetSetAttr(descriptor: number, flags: number, fields: Float64Array): number;
  mqNotify(descriptor: number, notify: number, signo: number, value: number): number;
  mqChmod(descriptor: number, mode: number): number;
  mqPriorityMax(): number;
  openNotificationSocket(): number;
  readNotification(socket: number): number;
  closeNotificationSocket(socket: number): number;
  watch(descriptor: number, events: number, token: number): number;
  /** `O_CLOEXEC` and `SIGEV_…`, which differ between systems. */
  readonly oCloexec: number;
  readonly sigevSignal: number;
  readonly sigevNone: number;
  readonly sigevThread: number;

  /** Bytes of a System V message's type: a C `long`. */
  readonly typeSize: number;
  msgGet(key: number, flags: number): number;
  msgSend(id: number, body: Body, type: number | bigint, flags: number): number;
  msgSendSync(id: number, body: Body, type: number | bigint, timeout: number): number;
  /** The slab holds the type at `offset` and the body behind it. */
  msgReceive(id: number, slab: Uint8Array, offset: number, room: number, type: number | bigint, flags: number): number;
  msgReceiveSync(
    id: number,
    slab: Uint8Array,
    offset: number,
    room: number,
    type: number | bigint,
    flags: number,
    timeout: number,
  ): number;
  msgReceiveInto(id: number, buffer: Uint8Array, type: number | bigint, flags: number): number;
  msgSendMany(id: number, bodies: readonly Body[], type: number | bigint): number;
  msgReceiveMany(
    id: number,
    slab: Uint8Array,
    offset: number,
    room: number,
    type: number | bigint,
    flags: number,
    max: number,
    table: Float64Array,
  ): number;
  msgStatus(id: number, command: number): (MsqidDs & { id: number }) | number;
  msgInfo(command: number): (Msginfo & { index: number }) | number;
  /** A value below 0 keeps what is there. */
  msgConfigure(id: number, uid: number, gid: number, mode: number, maxBytes: number): number;
  msgRemove(id: number): number;
  /** The key is left in `kind`. */
  ftok(path: string, projectId: number): number;

  openArrivalWaiter(id: number, type: number | bigint, flags: number, token: number): number;
  armArrivalWaiter(place: number): void;
  openRoomSender(id: number, token: number): number;
  armRoomSender(place: number, body: Body, type: number | bigint): number;
  /** The answer of the waiting call: 0, a negative errno, or 1 when there is none yet. */
  takeAnswer(place: number): number;
  /** The same, after the call has been ended. */
  callBack(place: number): number;
  closeWaiter(place: number): void;
}

/** `struct msqid_ds` of msgctl(2) with C's field names; times in seconds since 1970, 0 for never. */
export interface MsqidDs {
  /** Owner, creator, key and permission bits. */
  msg_perm: IpcPerm;
  /** When the last message was sent. */
  msg_stime: number;
  /** When the last message was received. */
  msg_rtime: number;
  /** When the queue was created or last changed by `IPC_SET`. */
  msg_ctime: number;
  /** Bytes in all bodies together. */
  msg_cbytes: number;
  /** Messages in the queue. */
  msg_qnum: number;
  /** The most bytes that the queue holds. */
  msg_qbytes: number;
  /** Process of the last msgsnd(2), 0 for none. */
  msg_lspid: number;
  /** Process of the last msgrcv(2), 0 for none. */
  msg_lrpid: number;
}

/** `struct ipc_perm` of sysvipc(7) with C's field names. */
export interface IpcPerm {
  /** The key as C's signed `key_t`. */
  __key: number;
  /** The owner. */
  uid: number;
  /** The owner's group. */
  gid: number;
  /** The creator. */
  cuid: number;
  /** The creator's group. */
  cgid: number;
  /** The nine permission bits. */
  mode: number;
}

/** `struct msginfo` of msgctl(2) with C's field names. `IPC_INFO` gives limits, `MSG_INFO` in three fields what is in use. */
export interface Msginfo {
  /** `IPC_INFO`: kibibytes of all queues together (Linux does not use it). `MSG_INFO`: queues. */
  msgpool: number;
  /** `IPC_INFO`: entries of the message map (Linux does not use it). `MSG_INFO`: messages in all queues. */
  msgmap: number;
  /** The longest message in bytes (`kernel.msgmax`). */
  msgmax: number;
  /** The most bytes of a new queue (`kernel.msgmnb`). */
  msgmnb: number;
  /** The most queues (`kernel.msgmni`). */
  msgmni: number;
  /** Bytes of a message segment (Linux does not use it). */
  msgssz: number;
  /** `IPC_INFO`: the most messages of all queues (Linux does not use it). `MSG_INFO`: bytes in all queues. */
  msgtql: number;
  /** The most segments (Linux does not use it). */
  msgseg: number;
}

// An addon's exports are a dictionary to the engine; a copy is an object whose functions optimised code knows beforehand.
export const native: NativeAddon = { ...(loadAddon() as NativeAddon) };

/** Where the addon leaves the priority or type of the message just received. */
export const kind: Float64Array = new Float64Array(2);
const exactKind = new BigInt64Array(kind.buffer);
native.setKindMemory(kind);

/** The priority of the message just received, or the key that `ftok` found. */
export function lastNumber(): number {
  return kind[0] as number;
}

/** The type of the message just received: a bigint where a number would not be exact. */
export function lastType(): number | bigint {
  const type = kind[0] as number;
  return Number.isSafeInteger(type) ? type : (exactKind[1] as bigint);
}
