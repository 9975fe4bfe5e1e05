/** Settings that discussions have, and the conditions in which each of them is found. */
import { Distinct, type DistinctValues, tally } from "./distinct.ts";

/** A setting's value, and where it is found. */
export type Use<T> = Readonly<{
  setting: T;
  /** The conditions, with how many discussions of each have the setting. */
  conditions: DistinctValues<string>;
}>;

type Used<T> = { setting: T; conditions: Distinct<string> };

/** Counts the values of one setting. */
export class Uses<T> {
  readonly #values = new Distinct<Used<T>>();

  /**
   * Counts a value.
   *
   * @param setting The value; equal JSON is equal.
   * @param condition The condition that it is found in.
   */
  add(setting: T, condition: string): void {
    const key = JSON.stringify(setting);
    const used = this.#values.add(key, () => ({ setting, conditions: new Distinct() }));
    if (used !== null) tally(used.conditions, condition);
  }

  /** What was counted so far. */
  values(): DistinctValues<Use<T>> {
    return this.#values.values(({ setting, conditions }) => ({
      setting,
      conditions: conditions.values((condition) => condition),
    }));
  }
}
