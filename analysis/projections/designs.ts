/** Collects the designs of a run's discussions, within limits. */
import type {
  AnnotationDesign,
  DiscussionDesign,
  Intervention,
  ModelSpec,
  Moderator,
  PromptSpec,
  RuleSpec,
} from "../../core/events/mod.ts";
import { Distinct, type DistinctValues, entryOf, tally, type Use, Uses } from "./distinct.ts";
import type { DiscussionSlots, LogCollector, ReadLog } from "./slots.ts";

/** At most this many conditions are kept, enough for every experiment. */
const CONDITIONS_MAX = 10_000;

/** At most this many names of participants, and of files, are kept. */
const NAMES_MAX = 10_000;

/** A condition. */
export type ConditionDesign = Readonly<{ label: string; factors: DiscussionDesign["factors"] }>;

/** A model, and its use. */
export type ModelUse = Readonly<{
  name: string;
  spec: ModelSpec;
  as: "participant" | "moderator" | "annotator";
}>;

/** A role of participants. */
export type RoleUse = NonNullable<DiscussionDesign["participants"][number]["role"]>;

/** The design of an annotation pass, without the fields that differ between discussions. */
export type PassDesign = Omit<AnnotationDesign, "seed" | "source">;

/** The facts in the designs of a run's discussions. */
export type DesignFacts = Readonly<{
  discussions: number;
  /** The number of forked discussions. */
  forked: number;
  /** The branches of another run's discussions; `null` if there are none. */
  branches: BranchFacts | null;
  /** Each condition with its number of discussions. */
  conditions: DistinctValues<ConditionDesign>;
  /** Settings that were drawn: path → labels. */
  varied: ReadonlyMap<string, DistinctValues<string>>;
  /** How many participants a discussion has. */
  participants: DistinctValues<Use<number>>;
  /** Participants of all discussions together. */
  places: number;
  names: DistinctValues<string>;
  /** Each role with its number of participants. */
  roles: DistinctValues<Use<RoleUse>>;
  moderators: DistinctValues<Use<Moderator | null>>;
  openings: DistinctValues<Use<number>>;
  /** The scripted interventions of a discussion; an empty list for none. */
  interventions: DistinctValues<Use<readonly Intervention[]>>;
  turns: DistinctValues<Use<number>>;
  history: DistinctValues<Use<number | null>>;
  turnTaking: DistinctValues<Use<RuleSpec>>;
  passWords: DistinctValues<Use<string>>;
  prompts: DistinctValues<Use<PromptSpec>>;
  /** Each model in each use, counted once per discussion, and for annotators once per pass of a discussion. */
  models: DistinctValues<Use<ModelUse>>;
  passes: DistinctValues<Use<PassDesign>>;
  /** Where imported discussions come from; `null` if none was imported. */
  imported: ImportFacts | null;
  /** Where imported annotations come from: pass → files. */
  sources: ReadonlyMap<string, DistinctValues<string>>;
}>;

/** What branches continue. */
export type BranchFacts = Readonly<{
  discussions: number;
  runs: DistinctValues<string>;
  /** The hash of each past, with the number of its branches. */
  pasts: DistinctValues<string>;
  /** The number of turns of the pasts. */
  turns: DistinctValues<number>;
}>;

/** Where imported discussions come from. */
export type ImportFacts = Readonly<{
  discussions: number;
  formats: DistinctValues<string>;
  files: DistinctValues<string>;
}>;

/** Collects the designs of a run. */
export class DesignTally implements LogCollector {
  #discussions = 0;
  #forked = 0;
  #imported = 0;
  #places = 0;
  readonly #conditions = new Distinct<ConditionDesign>(CONDITIONS_MAX);
  readonly #varied = new Map<string, Distinct<string>>();
  readonly #participants = new Uses<number>();
  readonly #names = new Distinct<string>(NAMES_MAX);
  readonly #roles = new Uses<RoleUse>();
  readonly #moderators = new Uses<Moderator | null>();
  readonly #openings = new Uses<number>();
  readonly #interventions = new Uses<readonly Intervention[]>();
  readonly #turns = new Uses<number>();
  readonly #history = new Uses<number | null>();
  readonly #turnTaking = new Uses<RuleSpec>();
  readonly #passWords = new Uses<string>();
  readonly #prompts = new Uses<PromptSpec>();
  readonly #models = new Uses<ModelUse>();
  readonly #passes = new Uses<PassDesign>();
  readonly #formats = new Distinct<string>();
  readonly #files = new Distinct<string>(NAMES_MAX);
  readonly #sources = new Map<string, Distinct<string>>();
  #branches = 0;
  readonly #continuedRuns = new Distinct<string>();
  readonly #pasts = new Distinct<string>(NAMES_MAX);
  readonly #turnsInPast = new Distinct<number>();

  ended({ slots }: ReadLog): void {
    if (slots === null) return;
    this.#open(slots.design);
    this.#continue(slots);
    for (const { design } of slots.passes.values()) this.#start(design, slots.design);
  }

  #open(design: DiscussionDesign): void {
    const { condition, factors, participants, moderator, imported } = design;
    this.#discussions++;
    if (design.forkedFrom !== undefined) this.#forked++;
    if (imported !== undefined) {
      this.#imported++;
      tally(this.#formats, imported.format);
      tally(this.#files, imported.file);
    }
    this.#conditions.add(condition, () => ({ label: condition, factors }));
    for (const [path, label] of Object.entries(design.varied)) {
      tally(entryOf(this.#varied, path, () => new Distinct<string>()), label);
    }
    this.#places += participants.length;
    for (const { name, role } of participants) {
      tally(this.#names, name);
      if (role !== undefined) this.#roles.add(role, condition);
    }
    this.#participants.add(participants.length, condition);
    this.#moderators.add(moderator, condition);
    this.#openings.add(design.openings.length, condition);
    this.#interventions.add(design.interventions ?? [], condition);
    this.#turns.add(design.turns, condition);
    this.#history.add(design.history, condition);
    this.#turnTaking.add(design.turnTaking, condition);
    this.#passWords.add(design.passWord, condition);
    this.#prompts.add(design.prompt, condition);
    for (const [name, spec] of Object.entries(design.models)) {
      if (participants.some(({ model }) => model === name)) {
        this.#models.add({ name, spec, as: "participant" }, condition);
      }
      if (moderator?.model === name) this.#models.add({ name, spec, as: "moderator" }, condition);
    }
  }

  #continue({ design: { forkedFrom }, slots }: DiscussionSlots): void {
    if (forkedFrom?.hash === undefined || forkedFrom.run === undefined) return;
    this.#branches++;
    tally(this.#continuedRuns, forkedFrom.run);
    tally(this.#pasts, forkedFrom.hash);
    tally(this.#turnsInPast, slots.filter(({ by, isPast }) => isPast && by === "participant").length);
  }

  #start({ seed: _, source, ...design }: AnnotationDesign, { condition }: DiscussionDesign): void {
    const annotators = design.annotators.map(({ source: _, ...annotator }) => annotator);
    this.#passes.add({ ...design, annotators }, condition);
    const own = design.annotators.flatMap((annotator) => annotator.source ?? []);
    for (const { file } of own.length > 0 || source === undefined ? own : [source]) {
      tally(entryOf(this.#sources, design.pass, () => new Distinct<string>(NAMES_MAX)), file);
    }
    for (const [name, spec] of Object.entries(design.models)) {
      this.#models.add({ name, spec, as: "annotator" }, condition);
    }
  }

  /** The facts so far. */
  facts(): DesignFacts {
    return {
      discussions: this.#discussions,
      forked: this.#forked,
      branches: this.#branches === 0 ? null : {
        discussions: this.#branches,
        runs: this.#continuedRuns.values(),
        pasts: this.#pasts.values(),
        turns: this.#turnsInPast.values(),
      },
      conditions: this.#conditions.values(),
      varied: new Map([...this.#varied].map(([path, labels]) => [path, labels.values()])),
      participants: this.#participants.values(),
      places: this.#places,
      names: this.#names.values(),
      roles: this.#roles.values(),
      moderators: this.#moderators.values(),
      openings: this.#openings.values(),
      interventions: this.#interventions.values(),
      turns: this.#turns.values(),
      history: this.#history.values(),
      turnTaking: this.#turnTaking.values(),
      passWords: this.#passWords.values(),
      prompts: this.#prompts.values(),
      models: this.#models.values(),
      passes: this.#passes.values(),
      imported: this.#imported === 0 ? null : {
        discussions: this.#imported,
        formats: this.#formats.values(),
        files: this.#files.values(),
      },
      sources: new Map([...this.#sources].map(([pass, files]) => [pass, files.values()])),
    };
  }
}
