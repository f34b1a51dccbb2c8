/** Milliseconds. Native code cannot be interrupted: only between two slices can a worker be terminated. */
const longestSlice = 250;

/**
 * Repeats a step that blocks for up to so many milliseconds until it gives something or the timeout (milliseconds, `Infinity`
 * for none) has passed. The last step is given 0 milliseconds: one more try.
 */
export function blockInSlices<Result>(
  timeout: number,
  step: (milliseconds: number) => Result | undefined,
): Result | undefined {
  const end = performance.now() + timeout;
  for (;;) {
    const remaining = end - performance.now();
    const result = step(Math.max(0, Math.min(remaining, longestSlice)));
    if (result !== undefined || remaining <= 0) return result;
  }
}
