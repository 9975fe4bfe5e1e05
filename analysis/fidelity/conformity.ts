/** Counts of what must be as declared without exception. */
import { cannotTell, type Finding, ruleFinding } from "./check.ts";

/** Deviations that are told; further ones are only counted. */
const TOLD_MAX = 3;

/** How often something was as declared, with the first times that it was not. */
export class Conformity {
  #cases = 0;
  #right = 0;
  readonly #told: string[] = [];

  /** Counts a case. @param right Whether it is as declared. @param otherwise What it is instead, for people. */
  add(right: boolean, otherwise: () => string): void {
    this.#cases++;
    if (right) this.#right++;
    else if (this.#told.length < TOLD_MAX) this.#told.push(otherwise());
  }

  /**
   * What was found.
   *
   * @param check What is checked.
   * @param texts What was declared, what is expected, and why it cannot be told where there was no case.
   */
  finding(
    check: string,
    { declared, basis, none }: Readonly<{ declared: string; basis: string; none: string }>,
  ): Finding {
    if (this.#cases === 0) return cannotTell(check, declared, none);
    const deviations = this.#cases - this.#right;
    const told = deviations === 0
      ? ""
      : `; not so: ${this.#told.join("; ")}${deviations > TOLD_MAX ? "; …" : ""}`;
    return ruleFinding(check, {
      declared,
      observed: { count: this.#right, of: this.#cases, unit: "share" },
      expected: this.#cases,
      basis: `${basis}${told}`,
    });
  }
}
