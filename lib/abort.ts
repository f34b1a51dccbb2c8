type Action = () => void;

interface Watched {
  actions: Set<Action>;
  listener: Action;
}

const watched = new WeakMap<AbortSignal, Watched>();

/**
 * Calls the action when the signal is aborted, after those that were added before. One listener serves all actions of a
 * signal: a signal shared by many calls is normal, and Node takes eleven listeners for a leak.
 */
export function addAbortAction(signal: AbortSignal, action: Action): void {
  const known = watched.get(signal);
  if (known !== undefined) {
    known.actions.add(action);
    return;
  }
  const actions = new Set([action]);
  const listener = (): void => {
    // An action may remove others, which are then not called any more.
    for (const each of actions) each();
    watched.delete(signal);
  };
  watched.set(signal, { actions, listener });
  signal.addEventListener("abort", listener, { once: true });
}

export function removeAbortAction(signal: AbortSignal, action: Action): void {
  const known = watched.get(signal);
  if (known === undefined) return;
  known.actions.delete(action);
  if (known.actions.size > 0) return;
  watched.delete(signal);
  signal.removeEventListener("abort", known.listener);
}
