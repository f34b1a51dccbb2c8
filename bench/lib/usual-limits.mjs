/** Bytes of a System V queue where nobody changed kernel.msgmnb. */
export const usualBytes = 16_384;
/** Messages of a POSIX queue where nobody changed fs.mqueue.msg_max. */
export const usualDepth = 10;
