/** Collects the settings in the designs of a run's discussions, up to a limited number of different values. */
import type {
  AnnotationDesign,
  DiscussionDesign,
  Intervention,
  ModelSpec,
  Moderator,
  PromptSpec,
  RuleSpec,
} from "../../core/events/mod.ts";
import { addCounts, type Appendable, type TallyOptions } from "./appendable.ts";
import {
  appendEntries,
  countedEntries,
  type CountedValues,
  Distinct,
  type DistinctValues,
  entryOf,
  tally,
  type Use,
  Uses,
} from "./distinct.ts";
import type { DiscussionSlots, LogCollector, ReadLog } from "./slots.ts";

/** At most this many conditions are kept. This is enough for every experiment. */
const CONDITIONS_MAX = 10_000;

/** At most this many names of participants are kept, at most this many files, and at most this many pasts. */
const NAMES_MAX = 10_000;

/** A condition, and its level of each factor. */
export type ConditionDesign = Readonly<{ label: string; factors: DiscussionDesign["factors"] }>;

/** A model, and what it is used as. */
export type ModelUse = Readonly<{
  name: string;
  spec: ModelSpec;
  as: "participant" | "moderator" | "annotator";
}>;

/** A role of participants. */
export type RoleUse = NonNullable<DiscussionDesign["participants"][number]["role"]>;

/** The design of an annotation pass, without the fields that differ between discussions. */
export type PassDesign = Omit<AnnotationDesign, "seed" | "source">;

/** The settings in the designs of a run's discussions. Each `Use` names the conditions that have the setting. */
export type DesignFacts = Readonly<{
  discussions: number;
  /** The number of discussions that continue another discussion, of this run or of another run. */
  forked: number;
  /** The branches of another run's discussions; `null` if there are none. */
  branches: BranchFacts | null;
  /** Each condition with its number of discussions. */
  conditions: DistinctValues<ConditionDesign>;
  /** Settings that were drawn for each discussion: path of the setting → the labels that were drawn. */
  varied: ReadonlyMap<string, DistinctValues<string>>;
  /** How many participants a discussion has. */
  participants: DistinctValues<Use<number>>;
  /** The number of participants in all discussions together. */
  places: number;
  names: DistinctValues<string>;
  /** Each role with its number of participants. */
  roles: DistinctValues<Use<RoleUse>>;
  moderators: DistinctValues<Use<Moderator | null>>;
  openings: DistinctValues<Use<number>>;
  /** The list of a discussion's scripted interventions; it can be empty. */
  interventions: DistinctValues<Use<readonly Intervention[]>>;
  turns: DistinctValues<Use<number>>;
  history: DistinctValues<Use<number | null>>;
  turnTaking: DistinctValues<Use<RuleSpec>>;
  passWords: DistinctValues<Use<string>>;
  prompts: DistinctValues<Use<PromptSpec>>;
  /**
   * Each model in each use. For speakers, it counts once in each discussion. For annotators, it counts once in
   * each pass of each discussion.
   */
  models: DistinctValues<Use<ModelUse>>;
  passes: DistinctValues<Use<PassDesign>>;
  /** Where imported discussions come from; `null` if no discussion was imported. */
  imported: ImportFacts | null;
  /** Where imported annotations come from: pass → files. */
  sources: ReadonlyMap<string, DistinctValues<string>>;
}>;

/** The pasts of branches that continue discussions of another run. */
export type BranchFacts = Readonly<{
  discussions: number;
  runs: DistinctValues<string>;
  /** The hash of each past, and how many branches continue it. */
  pasts: DistinctValues<string>;
  /** How many turns a past has. */
  turns: DistinctValues<number>;
}>;

/** Where imported discussions come from. */
export type ImportFacts = Readonly<{
  discussions: number;
  formats: DistinctValues<string>;
  files: DistinctValues<string>;
}>;

type Tallies = ReturnType<typeof talliesWith>;

function talliesWith(options: TallyOptions) {
  return {
    conditions: new Distinct<ConditionDesign>(options, CONDITIONS_MAX),
    participants: new Uses<number>(options),
    names: new Distinct<string>(options, NAMES_MAX),
    roles: new Uses<RoleUse>(options),
    moderators: new Uses<Moderator | null>(options),
    openings: new Uses<number>(options),
    interventions: new Uses<readonly Intervention[]>(options),
    turns: new Uses<number>(options),
    history: new Uses<number | null>(options),
    turnTaking: new Uses<RuleSpec>(options),
    passWords: new Uses<string>(options),
    prompts: new Uses<PromptSpec>(options),
    models: new Uses<ModelUse>(options),
    passes: new Uses<PassDesign>(options),
    formats: new Distinct<string>(options),
    files: new Distinct<string>(options, NAMES_MAX),
    continuedRuns: new Distinct<string>(options),
    pasts: new Distinct<string>(options, NAMES_MAX),
    turnsInPast: new Distinct<number>(options),
  };
}

/** The counts of a {@linkcode DesignTally}. */
export type CountedDesigns = Readonly<{
  counts: Readonly<Record<"discussions" | "forked" | "imported" | "places" | "branches", number>>;
  tallies: Readonly<Record<string, unknown>>;
  varied: readonly (readonly [path: string, labels: CountedValues<string>])[];
  sources: readonly (readonly [pass: string, files: CountedValues<string>])[];
}>;

/** Collects the designs of a run. */
export class DesignTally implements LogCollector, Appendable<CountedDesigns> {
  readonly #options: TallyOptions;
  readonly #counts = { discussions: 0, forked: 0, imported: 0, places: 0, branches: 0 };
  readonly #of: Tallies;
  readonly #varied = new Map<string, Distinct<string>>();
  readonly #sources = new Map<string, Distinct<string>>();

  /** Starts with no discussion. */
  constructor(options: TallyOptions = {}) {
    this.#options = options;
    this.#of = talliesWith(options);
  }

  ended({ slots }: ReadLog): void {
    if (slots === null) return;
    this.#open(slots.design);
    this.#continue(slots);
    for (const { design } of slots.passes.values()) this.#start(design, slots.design);
  }

  #open(design: DiscussionDesign): void {
    const { condition, factors, participants, moderator, imported } = design;
    this.#counts.discussions++;
    if (design.forkedFrom !== undefined) this.#counts.forked++;
    if (imported !== undefined) {
      this.#counts.imported++;
      tally(this.#of.formats, imported.format);
      tally(this.#of.files, imported.file);
    }
    this.#of.conditions.add(condition, () => ({ label: condition, factors }));
    for (const [path, label] of Object.entries(design.varied)) {
      tally(entryOf(this.#varied, path, this.#newLabels), label);
    }
    this.#counts.places += participants.length;
    for (const { name, role } of participants) {
      tally(this.#of.names, name);
      if (role !== undefined) this.#of.roles.add(role, condition);
    }
    this.#of.participants.add(participants.length, condition);
    this.#of.moderators.add(moderator, condition);
    this.#of.openings.add(design.openings.length, condition);
    this.#of.interventions.add(design.interventions ?? [], condition);
    this.#of.turns.add(design.turns, condition);
    this.#of.history.add(design.history, condition);
    this.#of.turnTaking.add(design.turnTaking, condition);
    this.#of.passWords.add(design.passWord, condition);
    this.#of.prompts.add(design.prompt, condition);
    for (const [name, spec] of Object.entries(design.models)) {
      if (participants.some(({ model }) => model === name)) {
        this.#of.models.add({ name, spec, as: "participant" }, condition);
      }
      if (moderator?.model === name) this.#of.models.add({ name, spec, as: "moderator" }, condition);
    }
  }

  #continue({ design: { forkedFrom }, slots }: DiscussionSlots): void {
    if (forkedFrom?.hash === undefined || forkedFrom.run === undefined) return;
    this.#counts.branches++;
    tally(this.#of.continuedRuns, forkedFrom.run);
    tally(this.#of.pasts, forkedFrom.hash);
    tally(this.#of.turnsInPast, slots.filter(({ by, isPast }) => isPast && by === "participant").length);
  }

  #start({ seed: _, source, ...design }: AnnotationDesign, { condition }: DiscussionDesign): void {
    const annotators = design.annotators.map(({ source: _, ...annotator }) => annotator);
    this.#of.passes.add({ ...design, annotators }, condition);
    const own = design.annotators.flatMap((annotator) => annotator.source ?? []);
    for (const { file } of own.length > 0 || source === undefined ? own : [source]) {
      tally(entryOf(this.#sources, design.pass, this.#newSources), file);
    }
    for (const [name, spec] of Object.entries(design.models)) {
      this.#of.models.add({ name, spec, as: "annotator" }, condition);
    }
  }

  #newLabels = () => new Distinct<string>(this.#options);
  #newSources = () => new Distinct<string>(this.#options, NAMES_MAX);

  /** See {@linkcode Appendable}. */
  counted(): CountedDesigns {
    const tallies = Object.entries(this.#of).map(([name, one]) => [name, one.counted()]);
    return {
      counts: this.#counts,
      tallies: Object.fromEntries(tallies),
      varied: countedEntries(this.#varied),
      sources: countedEntries(this.#sources),
    };
  }

  /** See {@linkcode Appendable}. */
  append({ counts, tallies, varied, sources }: CountedDesigns): void {
    addCounts(this.#counts, counts);
    for (const [name, one] of Object.entries(this.#of)) {
      (one as Appendable<unknown>).append(tallies[name]);
    }
    appendEntries(this.#varied, varied, this.#newLabels);
    appendEntries(this.#sources, sources, this.#newSources);
  }

  /** The facts so far. */
  facts(): DesignFacts {
    return {
      discussions: this.#counts.discussions,
      forked: this.#counts.forked,
      branches: this.#counts.branches === 0 ? null : {
        discussions: this.#counts.branches,
        runs: this.#of.continuedRuns.values(),
        pasts: this.#of.pasts.values(),
        turns: this.#of.turnsInPast.values(),
      },
      conditions: this.#of.conditions.values(),
      varied: new Map([...this.#varied].map(([path, labels]) => [path, labels.values()])),
      participants: this.#of.participants.values(),
      places: this.#counts.places,
      names: this.#of.names.values(),
      roles: this.#of.roles.values(),
      moderators: this.#of.moderators.values(),
      openings: this.#of.openings.values(),
      interventions: this.#of.interventions.values(),
      turns: this.#of.turns.values(),
      history: this.#of.history.values(),
      turnTaking: this.#of.turnTaking.values(),
      passWords: this.#of.passWords.values(),
      prompts: this.#of.prompts.values(),
      models: this.#of.models.values(),
      passes: this.#of.passes.values(),
      imported: this.#counts.imported === 0 ? null : {
        discussions: this.#counts.imported,
        formats: this.#of.formats.values(),
        files: this.#of.files.values(),
      },
      sources: new Map([...this.#sources].map(([pass, files]) => [pass, files.values()])),
    };
  }
}
