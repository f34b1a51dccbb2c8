/** Bytes of a System V queue where nobody changed kernel.msgmnb. */
export const usualBytes = 16_384;
