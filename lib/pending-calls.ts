import { keepAlive, letGo } from "./readiness.js";

/** Counts the pending calls of one handle, and keeps the process alive while there are any unless told otherwise. */
export class PendingCalls {
  #count = 0;
  #referenced = true;

  /** Whether pending calls keep the process alive. */
  get isReferenced(): boolean {
    return this.#referenced;
  }

  add(): void {
    if (this.#count === 0 && this.#referenced) keepAlive();
    this.#count++;
  }

  remove(): void {
    if (--this.#count === 0 && this.#referenced) letGo();
  }

  ref(): void {
    if (this.#referenced) return;
    this.#referenced = true;
    if (this.#count > 0) keepAlive();
  }

  unref(): void {
    if (!this.#referenced) return;
    this.#referenced = false;
    if (this.#count > 0) letGo();
  }
}
