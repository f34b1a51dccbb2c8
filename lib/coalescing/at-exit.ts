type Action = () => void;

const actions = new Set<Action>();
let listens = false;

/** What is still to be done when the process, or the worker, ends in good order. */
export const atProcessExit = {
  add(action: Action): void {
    actions.add(action);
    if (listens) return;
    listens = true;
    process.once("exit", () => {
      for (const each of actions) each();
    });
  },
  delete(action: Action): void {
    actions.delete(action);
  },
};
