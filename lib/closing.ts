// Not methods of the handles: what users can call is documented, and this is for whoever waits beside the calls of a handle.

const actions = new WeakMap<object, Set<() => void>>();

/**
 * Runs the action when the handle is closed, before its calls are.
 *
 * @returns A function that takes this back; `true` the first time.
 */
export function atClose(handle: object, action: () => void): () => boolean {
  let all = actions.get(handle);
  if (all === undefined) actions.set(handle, (all = new Set()));
  all.add(action);
  return () => all.delete(action);
}

/** Runs what was asked for. */
export function closing(handle: object): void {
  for (const action of actions.get(handle) ?? []) action();
}
