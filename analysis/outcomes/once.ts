/** Makes a function that computes a value when it is first called, and then returns the same value. */
export function once<T>(compute: () => T): () => T {
  let made: Readonly<{ value: T }> | undefined;
  // After the first call, this is null, so that the data that the computation needed can be freed.
  let waiting: (() => T) | null = compute;
  return () => {
    made ??= { value: waiting!() };
    waiting = null;
    return made.value;
  };
}
