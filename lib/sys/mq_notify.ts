import { checkFunction, wrongType } from "../arguments.js";
import { EAGAIN, EINTR } from "../errors/errno.js";
import { failure } from "../errors/failure.js";
import { native } from "../native.js";
import { ignore, keepAlive, letGo, listen, readableEvent } from "../readiness.js";
import { checkInt, checkObject } from "./arguments.js";
import { SIGEV_NONE, SIGEV_SIGNAL, SIGEV_THREAD } from "./constants.js";

/** `struct sigevent` of sigevent(7), as far as mq_notify(3) uses it. */
export type Sigevent =
  | {
      /** Nobody is told, but no other process can register. */
      sigev_notify: typeof SIGEV_NONE;
    }
  | {
      /** A signal tells. */
      sigev_notify: typeof SIGEV_SIGNAL;
      /** The signal's number, as in `os.constants.signals`. */
      sigev_signo: number;
      /** The number that comes along in C's `si_value` (default 0). */
      sigev_value?: number;
    }
  | {
      /** A function tells; here it is called on this thread's event loop, where C starts a thread. */
      sigev_notify: typeof SIGEV_THREAD;
      /** Called once, with `sigev_value`. */
      sigev_notify_function: (sigev_value: number) => void;
      /** The number that the function is called with (default 0). */
      sigev_value?: number;
    };

const removeRegistration = -1;
/** linux/mqueue.h */
const NOTIFY_WOKENUP = 1;

/**
 * mq_notify(3): tells once, when a message arrives at the empty queue while nobody is blocked in a receive. One process at a
 * time can be registered. A registered function keeps the process alive. `PosixQueue.onNotEmpty` has none of these limits.
 *
 * @param sevp - What happens then; `null` takes the registration back.
 * @throws QueueError with code `EBUSY` when a process is registered already, `EBADF`, or `EINVAL` for a signal that is none.
 */
export function mq_notify(mqdes: number, sevp: Sigevent | null): void {
  checkInt("mq_notify", "mqdes", mqdes);
  if (sevp === null) {
    check(mqdes, native.mqNotify(mqdes, removeRegistration, 0, 0));
    return;
  }
  const event = checkObject("mq_notify", "sevp", sevp);
  const value = "sigev_value" in event ? checkInt("mq_notify", "sevp.sigev_value", event.sigev_value) : 0;
  switch (event.sigev_notify) {
    case SIGEV_NONE:
      check(mqdes, native.mqNotify(mqdes, SIGEV_NONE, 0, 0));
      return;
    case SIGEV_SIGNAL:
      checkInt("mq_notify", "sevp.sigev_signo", event.sigev_signo);
      check(mqdes, native.mqNotify(mqdes, SIGEV_SIGNAL, event.sigev_signo, value));
      return;
    case SIGEV_THREAD:
      registerFunction(
        mqdes,
        checkFunction("mq_notify", "sevp.sigev_notify_function", event.sigev_notify_function),
        value,
      );
      return;
    default: {
      const { sigev_notify } = event as { sigev_notify: unknown };
      throw wrongType("mq_notify", "sevp.sigev_notify", "SIGEV_NONE, SIGEV_SIGNAL or SIGEV_THREAD", sigev_notify);
    }
  }
}

/** The kernel writes to a socket of ours when it would have libc start a thread, and also when the registration ends. */
function registerFunction(mqdes: number, notify: (value: number) => void, value: number): void {
  keepAlive();
  const socket = native.openNotificationSocket();
  const end = (): void => {
    ignore(token);
    if (socket >= 0) native.closeNotificationSocket(socket);
    letGo();
  };
  const token = listen(() => {
    const news = native.readNotification(socket);
    // Not every report brings news.
    if ((news === -EAGAIN || news === -EINTR) && native.watch(socket, readableEvent, token) === 0) return;
    end();
    if (news === NOTIFY_WOKENUP) notify(value);
    if (news >= 0) return;
    // What the kernel had to say cannot be read: better told once too often than never.
    native.mqNotify(mqdes, removeRegistration, 0, 0);
    notify(value);
  });
  const registered = socket < 0 ? socket : native.mqNotify(mqdes, SIGEV_THREAD, socket, 0);
  const watched = registered < 0 ? registered : native.watch(socket, readableEvent, token);
  if (watched >= 0) return;
  if (registered === 0) native.mqNotify(mqdes, removeRegistration, 0, 0);
  end();
  check(mqdes, watched);
}

function check(descriptor: number, result: number): void {
  if (result < 0) throw failure("mq_notify", result, { descriptor });
}
