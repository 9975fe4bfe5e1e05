/** Checks that the server of each model reports the same version for all replies. */
import type { Appendable, TallyOptions } from "../projections/appendable.ts";
import { entryOf } from "../projections/distinct.ts";
import { Conformity, TOLD_MAX } from "./tallies.ts";

/**
 * The number of replies of one version of a model. `first` describes the first of them: index among all
 * replies, and text.
 */
type Replies = { replies: number; readonly first: (readonly [place: number, text: string])[] };

/** The counts of {@linkcode ServedVersions}: model → version → replies. */
export type CountedVersions = ReadonlyMap<string, ReadonlyMap<string, Replies>>;

/** Compares the version of each reply with the first version that the model's server reported. */
export class ServedVersions implements Appendable<CountedVersions> {
  /** Model, with its settings in the design → the first version that a server reported for it. */
  readonly #first = new Map<string, string>();
  readonly cases = new Conformity();
  /**
   * All versions, because the tally that gets these counts can have a different first version. `null` if no
   * tally will get them.
   */
  readonly #counted: Map<string, Map<string, Replies>> | null;
  #replies = 0;

  constructor({ isForAppending = false }: TallyOptions) {
    this.#counted = isForAppending ? new Map() : null;
  }

  /** The first version of each model. */
  get first(): Iterable<string> {
    return this.#first.values();
  }

  /**
   * Takes in a reply.
   *
   * @param where Returns a text that says which reply it is.
   */
  add(model: string, version: string, where: () => string): void {
    this.cases.add(version === entryOf(this.#first, model, () => version), where);
    if (this.#counted === null) return;
    const versions = entryOf(this.#counted, model, () => new Map<string, Replies>());
    const found = entryOf(versions, version, (): Replies => ({ replies: 0, first: [] }));
    found.replies++;
    if (found.first.length < TOLD_MAX) found.first.push([this.#replies, where()]);
    this.#replies++;
  }

  counted(): CountedVersions {
    return this.#counted!;
  }

  append(counted: CountedVersions): void {
    let [cases, right] = [0, 0];
    const wrong: (readonly [place: number, text: string])[] = [];
    for (const [model, versions] of counted) {
      for (const [version, { replies, first }] of versions) {
        const isFirst = version === entryOf(this.#first, model, () => version);
        cases += replies;
        if (isFirst) right += replies;
        else wrong.push(...first);
      }
    }
    const told = wrong.sort(([one], [other]) => one - other).map(([, text]) => text);
    this.cases.append({ cases, right, told: told.slice(0, TOLD_MAX) });
  }
}
