import type { Call, ErrorRow } from "./row.js";

// What reads the same for calls of both families.

/** What to do when the kernel has no memory. */
export const freeMemory = "Free memory, or raise the limit that is set around this process.";

export const noMemory = (call: Call): ErrorRow => ({
  call,
  errno: "ENOMEM",
  situation: "the kernel is out of memory",
  remedy: freeMemory,
  errorClass: "QueueError",
});

export const interrupted = (call: Call): ErrorRow => ({
  call,
  errno: "EINTR",
  situation: "a signal with a handler came first; nothing was sent or taken",
  remedy: "Call again unless the signal asks to stop.",
  errorClass: "QueueError",
});
