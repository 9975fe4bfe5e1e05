/** The addresses of models that are equal except for their addresses. */

/** The address of a model. Other models of the run can be equal except for name and address. */
export type ReachedModel = Readonly<{
  /** The model's name in the file. */
  model: string;
  /**
   * SHA-256 of the model's settings and of the annotation pass that asks it. Models that differ only in name
   * and address have equal hashes.
   */
  spec: string;
  /**
   * The parts of the address, as the adapter returns them. Two models differ by the first part that is not
   * equal.
   */
  address: readonly string[];
}>;

/** The addresses of all models, after some of them have changed. */
export function reachedAfter(
  before: readonly ReachedModel[] = [],
  now: readonly ReachedModel[],
): readonly ReachedModel[] {
  const moved = before.map((one) => now.find((other) => isSame(one, other)) ?? one);
  return [...moved, ...now.filter((one) => !before.some((other) => isSame(one, other)))];
}

/** Whether two entries are for the same model. Their addresses can differ. */
export function isSame(one: ReachedModel, other: ReachedModel): boolean {
  return one.model === other.model && one.spec === other.spec;
}
