/** The distinct models of an experiment, the questions to each, and their cost. */
import type { LoadedExperiment } from "../../adapters/local/mod.ts";
import { usedModelsOf } from "../../adapters/local/run_experiment.ts";
import { costOf, type ModelSetup, placeKey } from "../../core/experiment/mod.ts";
import { CHARS_PER_TOKEN, countAnnotatorCalls, countCalls, estimateTokens } from "../plan/estimate.ts";
import { isPerson } from "../people/people_plan.ts";
import { type QuestionName, QUESTIONS, replyTokensMax } from "./questions.ts";

/** A form of answers: one answer of a list, or an object with answers to several questions. */
export type FormName = "answers" | "object";

/** A model at one place. Entries of the file that are reached in the same way are one service. */
export type Service = Readonly<{
  /** The names of its entries. */
  names: readonly string[];
  /** The entry with the smallest limit of tokens. */
  setup: ModelSetup;
  /** Whether the model writes comments. */
  isSpeaker: boolean;
  /** The forms of answers that the experiment asks the model for. */
  forms: ReadonlySet<FormName>;
  /** The estimated mean length of the experiment's prompts to the model, in tokens. */
  promptTokens: number;
  questions: readonly QuestionName[];
  /** The highest numbers of tokens that the questions can use, as an estimate. */
  tokens: Readonly<{ promptTokens: number; completionTokens: number }>;
  /** The cost of these tokens; `null` if the file has no prices for the model. */
  cost: number | null;
}>;

/** Finds the services of the speakers and of the annotators. Each is listed once. */
export function servicesOf(loaded: LoadedExperiment): readonly Service[] {
  const { plan, experiment: { annotation } } = loaded;
  const speakers = new Set(countCalls(plan).map(({ model }) => model));
  const annotators = new Set(Object.values(annotation?.models ?? {}).map((setup) => placeKey(setup)));
  const form = annotation?.design.requests === "together" ? "object" : "answers";
  const lengths = promptLengths(loaded);
  const entries = Map.groupBy(usedModelsOf(loaded), ([, setup]) => placeKey(setup));
  return [...entries].map(([place, alike]) => {
    const names = [...new Set(alike.map(([name]) => name))];
    const setup = alike.map(([, setup]) => setup)
      .reduce((least, other) => replyTokensMax(other) < replyTokensMax(least) ? other : least);
    const questions = isPerson(loaded, setup.adapter) ? [] : questionsFor(setup);
    const tokens = tokensOf(questions, setup);
    return {
      names,
      setup,
      isSpeaker: names.some((name) => speakers.has(name)),
      forms: new Set(annotators.has(place) ? [form] : []),
      promptTokens: Math.max(0, ...names.map((name) => lengths.get(name) ?? 0)),
      questions,
      tokens,
      cost: setup.prices === undefined ? null : costOf(setup.prices, tokens),
    };
  });
}

/**
 * The questions to a model. `repeated` and `otherSeed` check the seed. They are not asked if the model gets
 * no seed, or if it is a script, which does not read the prompt.
 */
function questionsFor({ adapter, options }: ModelSetup): readonly QuestionName[] {
  const hasSeed = options.sendSeed !== false && adapter !== "scripted";
  return hasSeed ? ["first", "repeated", "otherSeed", "answers", "object"] : ["first", "answers", "object"];
}

function tokensOf(questions: readonly QuestionName[], setup: ModelSetup): Service["tokens"] {
  const chars = questions.flatMap((name) => QUESTIONS[name].messages)
    .reduce((sum, { content }) => sum + content.length, 0);
  return {
    promptTokens: Math.ceil(chars / CHARS_PER_TOKEN),
    completionTokens: questions.length * replyTokensMax(setup),
  };
}

/**
 * Model → the mean length of its prompts, as an estimate, in tokens. If a model speaks and annotates, the
 * larger of the two means counts.
 */
function promptLengths({ plan, experiment: { annotation } }: LoadedExperiment): ReadonlyMap<string, number> {
  const lengths = new Map<string, number>();
  const add = (model: string, prompts: number, calls: number) =>
    calls > 0 && lengths.set(model, Math.max(lengths.get(model) ?? 0, Math.round(prompts / calls)));
  const calls = new Map(
    countCalls(plan).map(({ model, participant, moderator }) => [model, participant + moderator]),
  );
  for (const [model, { prompt }] of estimateTokens(plan)) add(model, prompt, calls.get(model) ?? 0);
  if (annotation !== null) {
    for (const [model, { prompt, calls }] of countAnnotatorCalls(annotation.design, plan)) {
      add(model, prompt, calls);
    }
  }
  return lengths;
}
