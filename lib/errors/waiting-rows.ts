import type { Call, ErrorRow } from "./row.js";
import { freeMemory } from "./shared-rows.js";

// What waiting takes beside the call that is waited for: descriptors, threads and timers of the process.

const ourFault = "This is a fault of the package; please report it.";
const filtered = "Look for a seccomp filter around this process.";
const closeSome =
  "Close queues, files or sockets that are no longer needed, or raise the limit: ulimit -n (docker run --ulimit nofile=N). The handle stays usable.";

function row(call: Call, errno: string, situation: string, remedy: string, remedyElsewhere?: string): ErrorRow {
  return {
    call,
    errno,
    situation,
    remedy,
    ...(remedyElsewhere === undefined ? {} : { remedyElsewhere }),
    errorClass: "QueueError",
  };
}

/** A call that makes a descriptor. */
function descriptorRows(call: Call): ErrorRow[] {
  return [
    row(call, "EMFILE", "the process has no descriptor left (RLIMIT_NOFILE)", closeSome),
    row(
      call,
      "ENFILE",
      "the whole system has as many open files as it allows (fs.file-max)",
      "Find who holds them (cat /proc/sys/fs/file-nr), or raise it: sysctl fs.file-max.",
    ),
    row(call, "ENOMEM", "the kernel is out of memory", freeMemory),
    row(call, "EINVAL", "the system refuses the settings", ourFault),
  ];
}

const pollRows: ErrorRow[] = [
  ...descriptorRows("epoll_create1"),
  ...descriptorRows("eventfd"),
  row("eventfd", "ENODEV", "the kernel cannot make the descriptor", filtered),
  row(
    "epoll_ctl",
    "EBADF",
    "the descriptor of the queue, or that of the waiting thread, was closed by somebody else",
    "Let nobody but the handle close its descriptor, and open the queue again.",
  ),
  row("epoll_ctl", "EEXIST", "the descriptor is watched already", ourFault),
  row("epoll_ctl", "EINVAL", "the descriptor is not what it was", "Let nobody but the handle close its descriptor."),
  row("epoll_ctl", "ELOOP", "the descriptor is not what it was", "Let nobody but the handle close its descriptor."),
  row("epoll_ctl", "ENOENT", "the descriptor is not watched", ourFault),
  row("epoll_ctl", "ENOMEM", "the kernel is out of memory", freeMemory),
  row(
    "epoll_ctl",
    "ENOSPC",
    "the user watches as many descriptors as it may (fs.epoll.max_user_watches)",
    "Wait on fewer queues at once, or raise it: sysctl fs.epoll.max_user_watches.",
  ),
  row(
    "epoll_ctl",
    "EPERM",
    "the system cannot tell when a queue's descriptor is ready",
    "Use the calls that try once or block; emulators of Linux may lack this.",
  ),
  row(
    "epoll_wait",
    "EBADF",
    "somebody closed the descriptor on which the waiting thread slept",
    "Let nobody close descriptors that are not his. Wait again: that starts another thread.",
  ),
  row("epoll_wait", "EFAULT", "the memory given to the call cannot be used", ourFault),
  row(
    "epoll_wait",
    "EINVAL",
    "the descriptor on which the waiting thread slept became another one",
    "Let nobody close descriptors that are not his. Wait again: that starts another thread.",
  ),
  row("ppoll", "EINVAL", "the limit of descriptors is 0 (RLIMIT_NOFILE)", "Raise the limit: ulimit -n."),
  row("ppoll", "EFAULT", "the memory given to the call cannot be used", ourFault),
  row("ppoll", "ENOMEM", "the kernel is out of memory", freeMemory),
];

const threadRows: ErrorRow[] = [
  row(
    "pthread_create",
    "EAGAIN",
    "the system gives no more threads (RLIMIT_NPROC, or a limit for more than this user)",
    "Wait on fewer System V queues and selectors at once (each takes a thread), or raise the limit: ulimit -u, the container's pids limit, or sysctl kernel.threads-max.",
    "Wait on fewer System V queues and selectors at once (each takes a thread), or raise the limit of threads: ulimit -u.",
  ),
  row("pthread_create", "ENOMEM", "there is no memory for the thread's stack", freeMemory),
  row("pthread_create", "EINVAL", "the system refuses the thread's settings", ourFault),
  row(
    "pthread_create",
    "EPERM",
    "the system forbids the thread's settings",
    filtered,
    "Look for a jail or sandbox around this process.",
  ),
  row(
    "sigaction",
    "EAGAIN",
    "the program uses every signal with which a waiting thread could be called back",
    "Leave SIGSTKFLT or one real-time signal without a handler.",
  ),
];

const timerRows: ErrorRow[] = [
  row(
    "timer_create",
    "EAGAIN",
    "the user has as many signals and timers pending as it may (RLIMIT_SIGPENDING)",
    "Find the program that leaves signals or timers pending (SigQ in /proc/PID/status), raise the limit (ulimit -i), or use receive and send, which need no timer.",
  ),
  row("timer_create", "EINVAL", "the system refuses the timer's settings", ourFault),
  row("timer_create", "ENOMEM", "there is no memory for a timer", freeMemory),
  row("timer_create", "EPERM", "the system forbids the timer", filtered),
  row("timer_settime", "EFAULT", "the memory given to the call cannot be used", ourFault),
  row("timer_settime", "EINVAL", "the system refuses the timer's settings", ourFault),
];

const otherDescriptorRows: ErrorRow[] = [
  ...descriptorRows("socket"),
  row("socket", "EACCES", "the system forbids the socket through which the kernel notifies", filtered),
  row("socket", "EAFNOSUPPORT", "the kernel has no netlink sockets, through which it notifies", "Use onNotEmpty."),
  row("socket", "ENOBUFS", "the kernel is out of memory", freeMemory),
  row("socket", "EPROTONOSUPPORT", "the kernel has no netlink sockets, through which it notifies", "Use onNotEmpty."),
  row(
    "fcntl",
    "EBADF",
    "the descriptor was closed by somebody else",
    "Let nobody close the descriptor while it is handed over.",
  ),
];

/** The means to wait, each with the errors section of its manual page. */
export const waitingRows: readonly ErrorRow[] = [...pollRows, ...threadRows, ...timerRows, ...otherDescriptorRows];
