/** Milliseconds. Native code cannot be interrupted: only between two slices can a worker be terminated. */
const longestSlice = 250;

/**
 * Tries, and while that gives nothing blocks and tries again, until the timeout (milliseconds, `Infinity` for none) has
 * passed; 0 tries once. `block` may itself give the result.
 */
export function blockInSlices<Result>(
  timeout: number,
  attempt: () => Result | undefined,
  block: (milliseconds: number) => Result | undefined,
): Result | undefined {
  let result = attempt();
  if (result !== undefined || timeout === 0) return result;
  // The clock costs a third of a system call, so it is read only by who waits.
  const end = performance.now() + timeout;
  let remaining = timeout;
  do {
    result = block(Math.min(remaining, longestSlice)) ?? attempt();
    if (result !== undefined) return result;
    remaining = end - performance.now();
  } while (remaining > 0);
  return undefined;
}
