/** Makes a function that computes a value when it is first called, and then returns the same value. */
export function once<T>(compute: () => T): () => T {
  let made: Readonly<{ value: T }> | undefined;
  return () => (made ??= { value: compute() }).value;
}
