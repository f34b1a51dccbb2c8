import { c, struct } from "hostmq";

/*
 * What the daemon of Debian's fakeroot (`faked-sysv`) says over its two System V queues, as its message.h declares it: packed
 * structs, 1088 bytes behind the message type. Requests have type 1 and go to the queue of the daemon's key, answers come
 * from the queue of key + 1; clients tell them by `pid` and `serial`. The semaphore of key + 2 keeps clients apart.
 */

/** The functions of the daemon; the names are those of fakeroot. */
export const fakerootFunction = c.enum(
  {
    chown_func: 0,
    chmod_func: 1,
    mknod_func: 2,
    stat_func: 3,
    unlink_func: 4,
    debugdata_func: 5,
    reqoptions_func: 6,
    listxattr_func: 7,
    getxattr_func: 8,
    setxattr_func: 9,
    removexattr_func: 10,
  },
  { base: c.u32 },
);

export const fakestat = struct(
  { uid: c.u32, gid: c.u32, ino: c.u64, dev: c.u64, rdev: c.u64, mode: c.u32, nlink: c.u32 },
  { name: "fakestat", packed: true },
);

export const fakexattr = struct(
  { buffersize: c.u32, buf: c.bytes(1024), flags_rc: c.i32 },
  { name: "fakexattr", packed: true },
);

/** `struct fake_msg` without its `long mtype`, which System V takes apart from the body. */
export const fakeMessage = struct(
  { id: fakerootFunction, pid: c.int, serial: c.int, st: fakestat, xattr: fakexattr, remote: c.u32 },
  { name: "fake_msg", packed: true },
);
