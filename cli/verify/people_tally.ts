/** Says what a check of logs found about people: who agreed, who withdrew, and whose words cannot be read. */
import type { RunReader } from "../../core/ports/mod.ts";
import type { StreamReport } from "../../core/events/verify_stream.ts";
import { peopleOf } from "../../core/run_log/mod.ts";
import { formatCount, plural } from "../terminal/numbers.ts";

/** Counts the encrypted texts of a run by person. */
export class PeopleTally {
  readonly #texts = new Map<string, number>();

  /** Adds the texts of one log. */
  add({ sealed = {} }: Pick<StreamReport, "sealed">): void {
    for (const [person, texts] of Object.entries(sealed)) {
      this.#texts.set(person, (this.#texts.get(person) ?? 0) + texts);
    }
  }

  /** One sentence about each fact, without a full stop; none if no person took part. */
  async notes({ log, store }: Pick<RunReader, "log" | "store">): Promise<readonly string[]> {
    const { agreed, withdrew } = peopleOf(log.kind === "kept" ? log.log : { entries: [] });
    const keys = await store.keys?.persons() ?? new Map<string, string>();
    const gone = new Set([
      ...withdrew.keys(),
      ...[...keys].flatMap(([who, key]) => key === "kept" ? [] : [who]),
    ]);
    const here = [...keys].flatMap(([person, key]) => key === "kept" ? [person] : []);
    const unreadable = [...this.#texts.keys()].filter((person) =>
      !gone.has(person) && !here.includes(person)
    );
    return [
      ...agreed.size === 0 ? [] : [`${people(agreed.size)} agreed to take part`],
      ...gone.size === 0 ? [] : [`${people(gone.size)} withdrew, so ${this.#of(gone)} can no longer be read`],
      ...unreadable.length === 0
        ? []
        : [`${this.#of(unreadable)} of ${people(unreadable.length)} cannot be read: the keys are not here`],
    ];
  }

  #of(persons: Iterable<string>): string {
    let texts = 0;
    for (const person of persons) texts += this.#texts.get(person) ?? 0;
    return plural(texts, "text");
  }
}

function people(count: number): string {
  return count === 1 ? "1 person" : `${formatCount(count)} people`;
}
