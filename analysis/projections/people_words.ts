/** Counts the people who spoke or rated in the logs of a run, and their texts that cannot be read. */
import { addAll, type Appendable } from "./appendable.ts";
import type { Envelope } from "../../core/events/mod.ts";
import { sealedWords } from "../../core/people/mod.ts";
import type { Withheld } from "./entries.ts";
import type { LogCollector } from "./slots.ts";

/** The number of texts that cannot be read, and the number of people who wrote these texts. */
export type UnreadableTexts = Readonly<{ texts: number; people: number }>;

/** Counts of people, and of their texts that cannot be read. A rating counts as a text, too. */
export type PeopleWords =
  & Readonly<{
    /** How many people spoke in discussions. Each seat of a person counts as one. */
    speakers: number;
    /** How many people rated. */
    raters: number;
  }>
  & Readonly<Record<Withheld, UnreadableTexts>>;

/** The counts of a {@linkcode PeopleWordsTally}. */
export type CountedWords = Readonly<{
  speakers: ReadonlySet<string>;
  raters: ReadonlySet<string>;
  unreadable: Readonly<Record<Withheld, ReadonlyMap<string, number>>>;
}>;

/** Counts people and their unreadable texts. It needs every event of each log. */
export class PeopleWordsTally implements LogCollector, Appendable<CountedWords> {
  readonly #speakers = new Set<string>();
  readonly #raters = new Set<string>();
  /** Why texts cannot be read → person → the number of this person's texts. */
  readonly #unreadable: Readonly<Record<Withheld, Map<string, number>>> = {
    withdrawn: new Map(),
    sealed: new Map(),
  };

  /** Counts the text of one event, if a person wrote it. */
  add(envelope: Envelope): void {
    const sealed = sealedWords(envelope);
    const person = sealed?.person ?? envelope.person;
    if (person === undefined) return;
    ("annotator" in envelope.data ? this.#raters : this.#speakers).add(person);
    if (sealed === undefined) return;
    this.#count(sealed.withdrawn ? "withdrawn" : "sealed", person, 1);
  }

  #count(why: Withheld, person: string, texts: number): void {
    const unreadable = this.#unreadable[why];
    unreadable.set(person, (unreadable.get(person) ?? 0) + texts);
  }

  /** Does nothing, because the end of a log changes no count. */
  ended(): void {}

  /** See {@linkcode Appendable}. */
  counted(): CountedWords {
    return { speakers: this.#speakers, raters: this.#raters, unreadable: this.#unreadable };
  }

  /** See {@linkcode Appendable}. */
  append({ speakers, raters, unreadable }: CountedWords): void {
    addAll(this.#speakers, speakers);
    addAll(this.#raters, raters);
    for (const why of ["withdrawn", "sealed"] as const) {
      for (const [person, texts] of unreadable[why]) this.#count(why, person, texts);
    }
  }

  /** The counts; `null` if no person said anything. */
  words(): PeopleWords | null {
    const [speakers, raters] = [this.#speakers.size, this.#raters.size];
    if (speakers + raters === 0) return null;
    const { withdrawn, sealed } = this.#unreadable;
    return { speakers, raters, withdrawn: sumOf(withdrawn), sealed: sumOf(sealed) };
  }
}

function sumOf(unreadable: ReadonlyMap<string, number>): UnreadableTexts {
  return { texts: unreadable.values().reduce((sum, texts) => sum + texts, 0), people: unreadable.size };
}
