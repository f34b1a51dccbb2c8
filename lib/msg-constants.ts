// The constants of sys/ipc.h and sys/msg.h, which are the same on Linux, macOS and the BSDs; scripts/check-portable compares.
// Those marked Linux exist there alone, and the addon refuses them elsewhere (ENOSYS). They stand below everything that speaks of them: the errors, the queues
// and hostmq/sys.

/** The key of a queue that has none: msgget(2). */
export const IPC_PRIVATE = 0;
/** Create the queue where it does not exist: msgget(2). */
export const IPC_CREAT = 0o1000;
/** With `IPC_CREAT`: fail with `EEXIST` where the queue exists. */
export const IPC_EXCL = 0o2000;
/** Fail with `EAGAIN` or `ENOMSG` in place of waiting: msgop(2). */
export const IPC_NOWAIT = 0o4000;
/** Remove the queue: msgctl(2). */
export const IPC_RMID = 0;
/** Change owner, mode or size: msgctl(2). */
export const IPC_SET = 1;
/** Read the `msqid_ds`: msgctl(2). */
export const IPC_STAT = 2;
/** Read the limits: msgctl(2), Linux. */
export const IPC_INFO = 3;
/** Cut a message that does not fit: msgop(2). */
export const MSG_NOERROR = 0o10000;
/** Receive the first message that is not of the type: msgop(2), Linux. */
export const MSG_EXCEPT = 0o20000;
/** Copy the message at a place without taking it: msgop(2), Linux. */
export const MSG_COPY = 0o40000;
/** Read the `msqid_ds` by index: msgctl(2), Linux. */
export const MSG_STAT = 11;
/** Read what is in use: msgctl(2), Linux. */
export const MSG_INFO = 12;
/** As `MSG_STAT`, without needing permission to read: msgctl(2), Linux 4.17. */
export const MSG_STAT_ANY = 13;
