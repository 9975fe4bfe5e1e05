/** Collects findings from many combinations of levels, and reports each finding only once. */
import type { Choice } from "./conditions.ts";
import { holds } from "./factor_paths.ts";
import type { ReadFactor } from "./factors.ts";
import { placed, type SourceDocument } from "./document.ts";
import { dotted, type Finding, type Path, type Problem } from "./problems.ts";

type Entry = {
  finding: Finding;
  /**
   * The path at which the value is written in the file. If a factor sets the value, this is the factor's
   * level.
   */
  place: Path;
  times: number;
  first: Choice;
  /**
   * For each factor: the level of all combinations that have the finding; `null` if they have different
   * levels.
   */
  shared: (number | null)[];
};

export class FindingLog {
  readonly #factors: readonly ReadFactor[];
  readonly #entries = new Map<string, Entry>();

  constructor(factors: readonly ReadFactor[]) {
    this.#factors = factors;
  }

  add(finding: Finding, choice: Choice): void {
    const place = this.#placeOf(finding.path, choice);
    const key = JSON.stringify([place, finding.message]);
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      this.#entries.set(key, { finding, place, times: 1, first: choice, shared: [...choice] });
      return;
    }
    entry.times++;
    entry.shared = entry.shared.map((level, at) => level === choice[at] ? level : null);
  }

  /**
   * Lists the problems. If not all `total` combinations have a problem, it names the levels that cause it.
   */
  problems(document: SourceDocument, total: number): readonly Problem[] {
    return [...this.#entries.values()].map((entry) => {
      const { finding, place, times } = entry;
      const when = times === total ? "" : ` (when ${this.#circumstances(entry)})`;
      const { path: _, ...problem } = placed(document, { ...finding, path: place });
      return { ...problem, path: dotted(finding.path), message: finding.message + when };
    });
  }

  #placeOf(path: Path, choice: Choice): Path {
    for (const [at, { parts }] of this.#factors.entries()) {
      const part = parts.find(({ steps }) => holds(steps, path));
      if (part !== undefined) return [...part.places[choice[at]!]!, ...path.slice(part.steps.length)];
    }
    return path;
  }

  #circumstances({ shared, first, times }: Entry): string {
    const isShared = shared.some((level) => level !== null);
    const levels = (isShared ? shared : first).flatMap((level, at) => {
      const factor = this.#factors[at]!;
      if (level === null || factor.levels.length === 1) return [];
      return [`${factor.path} is ${factor.levels[level]!.label}`];
    });
    return levels.join(" and ") + (isShared ? "" : `, and in ${times - 1} more combinations`);
  }
}
