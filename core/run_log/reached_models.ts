/** The addresses of models that differ in nothing else. */

/** The address of a model that may differ from others only in its name. */
export type ReachedModel = Readonly<{
  /** Its name in the file. */
  model: string;
  /** SHA-256 of the model's settings and of the annotation pass that asks it; equal for models that differ only in name. */
  spec: string;
  /** The parts of the address, from its adapter. The first part that differs distinguishes two models. */
  address: readonly string[];
}>;

/** The addresses of models after some have changed. */
export function reachedAfter(
  before: readonly ReachedModel[] = [],
  now: readonly ReachedModel[],
): readonly ReachedModel[] {
  const moved = before.map((one) => now.find((other) => isSame(one, other)) ?? one);
  return [...moved, ...now.filter((one) => !before.some((other) => isSame(one, other)))];
}

/** Whether both are the same model, at any address. */
export function isSame(one: ReachedModel, other: ReachedModel): boolean {
  return one.model === other.model && one.spec === other.spec;
}
