/** Collects the distinct prompts of an experiment before it runs. */
import type { LoadedExperiment } from "../../adapters/local/mod.ts";
import { nativeSha256 } from "../../adapters/system.ts";
import { annotationPrompt, questionAt, questionsPerComment } from "../../core/annotation/mod.ts";
import { moderatorPrompt, type OpenState, participantPrompt } from "../../core/discussion/mod.ts";
import type { DiscussionDesign, Participant } from "../../core/events/mod.ts";
import {
  type DiscussionSettings,
  type Experiment,
  type Factor,
  moderatorCalls,
  type Plan,
  planDiscussions,
} from "../../core/experiment/mod.ts";
import type { Message } from "../../core/ports/model.ts";
import { personNames } from "../people/people_plan.ts";
import type { PromptTokens } from "./prompt_tokens.ts";
import { COMMENT_TO_COME, givenRoles, stateBeforeTurns, statesAfterTurns } from "./example_states.ts";

/** Combinations of varied values are looked for in at most this many replicates. */
const REPLICATES_MAX = 200;

/** The kind of a request. All prompts of one kind are compared with each other. */
export type PromptKind = Readonly<{
  asked: "participant" | "moderator" | "annotator";
  /** The participant's role (`null` without one), or the annotator's scales. */
  of: string | null;
  /** The participant, if the prompts of all participants of a replicate are shown. */
  participant: string | null;
  /**
   * `first` for the first turn (or after it, for a moderator), `later` for a later one; `null` for
   * annotators.
   */
  moment: "first" | "later" | null;
}>;

/** A prompt, and where it is sent. */
export type DistinctPrompt = Readonly<{
  /** The labels of the conditions that send it. For annotators, these are all conditions. */
  conditions: readonly string[];
  /** Varied values of its discussions: path → label. */
  varied: Readonly<Record<string, string>>;
  /**
   * The names of the speakers that get it. Participants are only examples, because each discussion draws its
   * personas.
   */
  speakers: readonly string[];
  /** The names of the models that can get it. */
  models: readonly string[];
  messages: readonly Message[];
  /** Its length in tokens by model; `null` where the length is not known. */
  tokens: Readonly<Record<string, number | null>>;
}>;

/** The distinct prompts of one kind. */
export type PromptGroup = Readonly<{ kind: PromptKind; prompts: readonly DistinctPrompt[] }>;

/** The prompts that an experiment will send. */
export type ExperimentPrompts = Readonly<{
  groups: readonly PromptGroup[];
  /** Schedules whose code was not run. Their moderators may not be offered silence. */
  unknownSchedules: readonly string[];
  /**
   * The names of models that are people. People get no prompts. Their prompts here would go to a program
   * in their place.
   */
  people: readonly string[];
}>;

type Sent = Readonly<{
  kind: PromptKind;
  condition: string;
  varied: Readonly<Record<string, string>>;
  speaker: string;
  models: readonly string[];
  messages: readonly Message[];
}>;

/**
 * The prompts of an experiment: of one example for each role, or of every participant of one replicate.
 *
 * @param options The replicate, from 1, or `null` for examples; and how tokens are counted.
 */
export function experimentPrompts(
  loaded: LoadedExperiment,
  { replicate, tokensOf = () => null }: Readonly<{ replicate: number | null; tokensOf?: PromptTokens }>,
): ExperimentPrompts {
  const { experiment, plan, rules } = loaded;
  const unknown = new Set<string>();
  const sent: Sent[] = [];
  // Examples are drawn as for matched conditions, so that only the conditions make prompts differ.
  const shown = replicate === null ? planDiscussions({ ...experiment, matched: true }, nativeSha256) : plan;
  for (const { design, settings } of designsOf(experiment, shown, replicate)) {
    const { condition, varied, moderator } = design;
    const add = (kind: PromptKind, one: Pick<Sent, "speaker" | "models" | "messages">) =>
      sent.push({ kind, condition, varied, ...one });
    const examples = replicate === null
      ? examplesOf(settings, design)
      : design.participants.map((participant, seat) => ({ participant, seat }));
    for (const { participant, seat } of examples) {
      const { name: speaker, model, role } = participant;
      const [kind, models] = replicate === null
        ? [{ of: role?.name ?? null, participant: null }, modelsOf(settings)]
        : [{ of: null, participant: speaker }, [model]];
      for (const { moment, state } of momentsOf(shown, replaced(design, seat, participant), seat)) {
        const messages = participantPrompt(state, participant);
        add({ asked: "participant", ...kind, moment }, { speaker, models, messages });
      }
    }
    if (moderator === null) continue;
    const schedule = rules.schedules.get(moderator.schedule.name);
    if (schedule === undefined) unknown.add(moderator.schedule.name);
    const { mayAbstain = true } = schedule ?? {};
    const after = statesAfterTurns(stateBeforeTurns(shown, design), 0);
    const { past } = settings;
    const callsUntil = (turns: number) => moderatorCalls({ moderator, turns, past }).calls;
    const firstCalls = callsUntil(after[0]?.turn ?? 0);
    const moments = [
      { moment: "first", state: after[0], calls: firstCalls },
      { moment: "later", state: after.at(-1), calls: callsUntil(design.turns) - firstCalls },
    ] as const;
    for (const { moment, state, calls } of moments) {
      if (state === undefined || calls === 0) continue;
      const { name: speaker, model } = moderator;
      const messages = moderatorPrompt(state, moderator, { mayAbstain });
      add({ asked: "moderator", of: null, participant: null, moment }, {
        speaker,
        models: [model],
        messages,
      });
    }
  }
  const groups = grouped([...sent, ...annotationPrompts(loaded)], tokensOf);
  const models = new Set(groups.flatMap(({ prompts }) => prompts.flatMap(({ models }) => models)));
  const people = personNames(loaded);
  return {
    groups,
    unknownSchedules: [...unknown],
    people: [...models].filter((name) => people.has(name)).sort(),
  };
}

/** The models that participants can have. */
function modelsOf({ participantModels, pinnedModel }: DiscussionSettings): readonly string[] {
  return pinnedModel === null ? participantModels : [...new Set([...participantModels, pinnedModel])];
}

type Planned = Readonly<{ design: DiscussionDesign; settings: DiscussionSettings }>;

/** A discussion of each condition and each combination of varied values. */
function* designsOf({ vary }: Experiment, plan: Plan, replicate: number | null): Generator<Planned> {
  const { conditions, size } = plan;
  const known = new Set<number>();
  const combinations = conditions[0]!.variants.length;
  const [first, last] = replicate === null
    ? [1, combinations === 1 ? 1 : Math.min(size / conditions.length, REPLICATES_MAX)]
    : [replicate, replicate];
  for (let place = first - 1; place < last && known.size < combinations; place++) {
    const designs = conditions.map((_, index) => plan.at(place * conditions.length + index));
    const variants = designs.map(({ varied }) => variantOf(vary, varied));
    if (replicate === null && known.has(variants[0]!)) continue;
    known.add(variants[0]!);
    for (const [index, design] of designs.entries()) {
      yield { design, settings: conditions[index]!.variants[variants[index]!]! };
    }
  }
}

/** The position of a combination of varied values among `Condition.variants`. */
function variantOf(vary: readonly Factor[], varied: Readonly<Record<string, string>>): number {
  return vary.reduce(
    (variant, { path, levels }) =>
      variant * levels.length + levels.findIndex(({ label }) => label === varied[path]),
    0,
  );
}

type Example = Readonly<{ participant: Participant; seat: number }>;

/** The participant in the first seat: without a role if this is possible, and with each role. */
function examplesOf({ roles, count }: DiscussionSettings, { participants }: DiscussionDesign): Example[] {
  const { role: _, ...participant } = participants[0]!;
  const counted = roles.reduce((sum, role) => sum + ("count" in role ? role.count : 0), 0);
  const isAlwaysGiven = counted >= count ||
    roles.some((role) => "probability" in role && role.probability === 1);
  return [
    ...isAlwaysGiven ? [] : [{ participant, seat: 0 }],
    ...givenRoles(roles).map(({ name, instructions }) => ({
      participant: { ...participant, role: { name, instructions } },
      seat: 0,
    })),
  ];
}

function replaced(design: DiscussionDesign, seat: number, participant: Participant): DiscussionDesign {
  return { ...design, participants: design.participants.with(seat, participant) };
}

function momentsOf(plan: Plan, design: DiscussionDesign, seat: number) {
  const before = stateBeforeTurns(plan, design);
  const moments: { moment: "first" | "later"; state: OpenState }[] = [{ moment: "first", state: before }];
  const later = statesAfterTurns(before, seat).at(-1);
  if (later !== undefined && later.turn < design.turns) moments.push({ moment: "later", state: later });
  return moments;
}

/** The prompts of all annotators for each request about a comment. */
function annotationPrompts({ experiment: { annotation, conditions } }: LoadedExperiment): readonly Sent[] {
  if (annotation === null) return [];
  const { design } = annotation;
  const shown = [{ author: COMMENT_TO_COME, text: COMMENT_TO_COME }];
  return conditions.flatMap(({ label: condition }) =>
    Array.from({ length: questionsPerComment(design) }, (_, place): Sent => {
      const { annotator, scales } = questionAt(design, [0], place);
      return {
        kind: {
          asked: "annotator",
          of: scales.map(({ name }) => name).join(", "),
          participant: null,
          moment: null,
        },
        condition,
        varied: {},
        speaker: annotator.name,
        models: annotator.model === undefined ? [] : [annotator.model],
        messages: annotationPrompt(annotator, shown, { scales, ...design.prompt }),
      };
    })
  );
}

function grouped(sent: readonly Sent[], tokensOf: PromptTokens): readonly PromptGroup[] {
  const kinds = Map.groupBy(sent, ({ kind }) => JSON.stringify(kind));
  return [...kinds.values()].map((ofKind) => ({
    kind: ofKind[0]!.kind,
    prompts: [...Map.groupBy(ofKind, ({ messages }) => JSON.stringify(messages)).values()].map((same) =>
      joined(same, tokensOf)
    ),
  }));
}

/** Requests with the same prompt. Only varied values that they have in common are named. */
function joined(same: readonly Sent[], tokensOf: PromptTokens): DistinctPrompt {
  const values = <T>(of: (sent: Sent) => readonly T[]) => [...new Set(same.flatMap(of))];
  const { varied, messages } = same[0]!;
  const common = Object.entries(varied).filter(([path, label]) =>
    same.every((sent) => sent.varied[path] === label)
  );
  const models = values(({ models }) => models);
  return {
    conditions: values(({ condition }) => [condition]),
    varied: Object.fromEntries(common),
    speakers: values(({ speaker }) => [speaker]),
    models,
    messages,
    tokens: Object.fromEntries(models.map((model) => [model, tokensOf(model, messages)])),
  };
}
