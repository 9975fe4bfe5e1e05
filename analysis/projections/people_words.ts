/** Counts what people said in the logs of a run, and what of it cannot be read. */
import { addAll, type Appendable } from "./appendable.ts";
import type { Envelope } from "../../core/events/mod.ts";
import { sealedWords } from "../../core/people/mod.ts";
import type { Withheld } from "./entries.ts";
import type { LogCollector } from "./slots.ts";

/** Texts that cannot be read, and the number of people whose texts they are. */
export type UnreadableTexts = Readonly<{ texts: number; people: number }>;

/** What people said in the logs of a run. A rating counts as a text, too. */
export type PeopleWords =
  & Readonly<{
    /** How many people spoke in discussions. Each seat of a person counts as one. */
    speakers: number;
    /** How many people rated. */
    raters: number;
  }>
  & Readonly<Record<Withheld, UnreadableTexts>>;

/** What a {@linkcode PeopleWordsTally} has counted. */
export type CountedWords = Readonly<{
  speakers: ReadonlySet<string>;
  raters: ReadonlySet<string>;
  unreadable: Readonly<Record<Withheld, ReadonlyMap<string, number>>>;
}>;

/** Counts the texts of people. It needs every event. */
export class PeopleWordsTally implements LogCollector, Appendable<CountedWords> {
  readonly #speakers = new Set<string>();
  readonly #raters = new Set<string>();
  /** Why texts cannot be read → person → their number. */
  readonly #unreadable: Readonly<Record<Withheld, Map<string, number>>> = {
    withdrawn: new Map(),
    sealed: new Map(),
  };

  /** Counts the words of one event. */
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

  /** Nothing depends on the end of a log. */
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
