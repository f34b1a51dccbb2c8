import { constants } from "node:os";

// util.getSystemErrorName does not know ENOMSG and EIDRM on Node 20; the table of os.constants does.
const names = new Map<number, string>();
for (const [name, value] of Object.entries(constants.errno)) {
  // Aliases share a number: the name that the man pages of message queues use stays.
  if (name !== "EWOULDBLOCK" && name !== "EOPNOTSUPP") names.set(value, name);
}

/** The name of a C errno (`"ENOENT"` for 2), or `"errno 4095"` where the platform has no name for it. */
export function errnoName(errno: number): string {
  return names.get(Math.abs(errno)) ?? `errno ${Math.abs(errno)}`;
}

/** This platform's number for an errno's name, or undefined where it has none. */
export function errnoNumber(name: string): number | undefined {
  return (constants.errno as Record<string, number>)[name];
}

/** Whether an error is a failed system call of this errno. */
export function hasErrno(error: unknown, errno: number): boolean {
  return error instanceof Error && "errno" in error && error.errno === errno;
}

/** Errno values that the code compares with, by this platform's numbers. */
export const { E2BIG, EACCES, EAGAIN, EBADF, EEXIST, EFAULT, EIDRM, EINTR, EINVAL, EMFILE } = constants.errno;
export const { EMSGSIZE, ENAMETOOLONG, ENOENT, ENOMEM, ENOMSG, ENOSPC, ENOSYS, EPERM, ETIMEDOUT } = constants.errno;
