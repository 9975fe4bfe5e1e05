/** Keeps the observations of many discussions in little memory. */
import type { Judgements, Observation, ObservedSlot } from "../../analysis/outcomes/observation.ts";
import type { Conduct, SpeakerConduct } from "../../analysis/projections/conduct.ts";
import type { TextFigures, TextMeasures } from "../../analysis/texts/text_measures.ts";
import type { Scale, ScaleValue } from "../../core/annotation/scales/mod.ts";
import { CompactList, type CompactReader } from "./compact_list.ts";

/** The parts of an observation that are kept in bytes. */
type Details = Pick<Observation, "slots" | "conduct" | "texts" | "judgements">;

const DETAILS = ["slots", "conduct", "texts", "judgements"] as const;

/**
 * Keeps observations. Names, conditions and other short fields are properties of the kept observation. All other fields are
 * kept in bytes, and are made again when they are read.
 */
export class ObservationStore {
  readonly #list = new CompactList();
  /** Where the details of each observation begin, in the order of {@linkcode DETAILS}. */
  readonly #starts: number[] = [];
  /** The details of the observation that was read last: several are usually read one after another. */
  #latest: { place: number } & Partial<Details> = { place: -1 };

  /**
   * An equal observation that needs less memory. Its details are not own properties, so the operator `...` does not copy
   * them.
   */
  keep(one: Observation): Observation {
    const list = this.#list;
    const place = this.#starts.length / DETAILS.length;
    this.#starts.push(list.length);
    list.writeAll(one.slots);
    this.#starts.push(list.length);
    writeConduct(list, one.conduct);
    this.#starts.push(list.length);
    for (const figures of [one.texts.participants, one.texts.moderators, one.texts.all]) {
      writeFigures(list, figures);
    }
    this.#starts.push(list.length);
    list.writeAll(one.judgements, (judgements) => writeJudgements(list, judgements));
    return new KeptObservation(
      {
        ...one,
        run: list.shared(one.run),
        condition: list.shared(one.condition),
        factors: list.shared(one.factors),
        varied: list.shared(one.varied),
        end: list.shared(one.end),
      },
      this,
      place,
    );
  }

  /** A detail of a kept observation. */
  detail<Name extends keyof Details>(place: number, name: Name): Details[Name] {
    if (this.#latest.place !== place) this.#latest = { place };
    const known = this.#latest[name];
    if (known !== undefined) return known as Details[Name];
    const at = this.#starts[place * DETAILS.length + DETAILS.indexOf(name)]!;
    const made = READ[name](this.#list.reader(at)) as Details[Name];
    Object.assign(this.#latest, { [name]: made });
    return made;
  }
}

class KeptObservation implements Observation {
  readonly run: string;
  readonly discussion: string;
  readonly condition: string;
  readonly factors: Observation["factors"];
  readonly varied: Observation["varied"];
  readonly replicate: number;
  readonly seed: string;
  readonly imported: boolean;
  readonly origin: string | null;
  readonly end: Observation["end"];
  readonly #store: ObservationStore;
  readonly #place: number;

  constructor(one: Omit<Observation, keyof Details>, store: ObservationStore, place: number) {
    this.run = one.run;
    this.discussion = one.discussion;
    this.condition = one.condition;
    this.factors = one.factors;
    this.varied = one.varied;
    this.replicate = one.replicate;
    this.seed = one.seed;
    this.imported = one.imported;
    this.origin = one.origin;
    this.end = one.end;
    this.#store = store;
    this.#place = place;
  }

  /** All fields, for `JSON.stringify()`. */
  toJSON(): Observation {
    const { slots, conduct, texts, judgements } = this;
    return { ...this, slots, conduct, texts, judgements };
  }

  get slots(): readonly ObservedSlot[] {
    return this.#store.detail(this.#place, "slots");
  }

  get conduct(): Conduct {
    return this.#store.detail(this.#place, "conduct");
  }

  get texts(): TextMeasures {
    return this.#store.detail(this.#place, "texts");
  }

  get judgements(): readonly Judgements[] {
    return this.#store.detail(this.#place, "judgements");
  }
}

/** Reads the details in the order in which they were written. */
const READ: Readonly<{ [Name in keyof Details]: (reader: CompactReader) => Details[Name] }> = {
  slots: (reader) => reader.readAll<ObservedSlot>(),
  conduct: readConduct,
  texts: (reader) => ({
    participants: readFigures(reader),
    moderators: readFigures(reader),
    all: readFigures(reader),
  }),
  judgements: (reader) => reader.readAll(() => readJudgements(reader)),
};

function writeConduct(list: CompactList, conduct: Conduct): void {
  const { participants, moderator, structure, commentWords } = conduct;
  list.writeAll(participants, (one) => writeSpeaker(list, one));
  list.writeAll(moderator === null ? [] : [moderator], (one) => writeSpeaker(list, one));
  list.write(structure);
  list.writeAll(commentWords);
  list.write(conduct.participationRate);
  list.write(conduct.evenness);
  list.write(conduct.silenceRate);
  list.write(conduct.interventionRate);
  list.write(conduct.interventionsPerTurn);
  list.write(conduct.respondRate);
}

function readConduct(reader: CompactReader): Conduct {
  return {
    participants: reader.readAll(() => readSpeaker(reader)),
    moderator: reader.readAll(() => readSpeaker(reader))[0] ?? null,
    structure: reader.read(),
    commentWords: reader.readAll<number>(),
    participationRate: reader.read(),
    evenness: reader.read(),
    silenceRate: reader.read(),
    interventionRate: reader.read(),
    interventionsPerTurn: reader.read(),
    respondRate: reader.read(),
  };
}

function writeSpeaker(list: CompactList, { name, asked, comments, cut, words }: SpeakerConduct): void {
  for (const value of [name, asked, comments, cut, words]) list.write(value);
}

function readSpeaker(reader: CompactReader): SpeakerConduct {
  return {
    name: reader.read(),
    asked: reader.read(),
    comments: reader.read(),
    cut: reader.read(),
    words: reader.read(),
  };
}

function writeFigures(list: CompactList, { diversity, wordsCompared, distinct2 }: TextFigures): void {
  for (const value of [diversity, wordsCompared, distinct2]) list.write(value);
}

function readFigures(reader: CompactReader): TextFigures {
  return { diversity: reader.read(), wordsCompared: reader.read(), distinct2: reader.read() };
}

function writeJudgements(list: CompactList, one: Judgements): void {
  const { pass, scale, annotators, targets, values, isReread } = one;
  for (const value of [pass, scale, annotators, isReread ?? null]) list.write(value);
  list.writeAll(targets);
  list.writeAll(values, (row) => list.writeAll(row));
}

function readJudgements(reader: CompactReader): Judgements {
  const [pass, scale, annotators] = [reader.read<string>(), reader.read<Scale>(), reader.read<string[]>()];
  const isReread = reader.read<true | null>();
  const targets = reader.readAll<number>();
  const values = reader.readAll(() => reader.readAll<ScaleValue | null>());
  return { pass, scale, annotators, targets, values, ...isReread === null ? {} : { isReread } };
}
