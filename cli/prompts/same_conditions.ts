/** Finds conditions that do not differ: they send the same prompts to the same models, under the same rules. */
import type { LoadedExperiment } from "../../adapters/local/mod.ts";
import { nativeSha256 } from "../../adapters/system.ts";
import { moderatorPrompt, participantPrompt } from "../../core/discussion/mod.ts";
import type { DiscussionDesign } from "../../core/events/mod.ts";
import {
  type DiscussionSettings,
  moderatorCalls,
  type Persona,
  type Plan,
  planDiscussions,
} from "../../core/experiment/mod.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { plural } from "../terminal/numbers.ts";
import { givenRoles, stateBeforeTurns, statesAfterTurns } from "./example_states.ts";
import { named } from "./names.ts";

/**
 * If a condition has more combinations of personas and roles than this, the texts of personas and roles are
 * compared instead of the prompts.
 */
const RENDERED_MAX = 200;

/** Conditions that do not differ. */
export type SameConditions = Readonly<{
  conditions: readonly string[];
  /** The paths of the factors that change nothing between these conditions. */
  factors: readonly string[];
}>;

/** The groups of conditions that do not differ. Most experiments have none. */
export function sameConditions(loaded: LoadedExperiment): readonly SameConditions[] {
  const { conditions } = loaded.plan;
  if (conditions.length === 1) return [];
  const plan = planDiscussions({ ...loaded.experiment, matched: true }, nativeSha256);
  const numbered = conditions.map((condition, index) => ({
    ...condition,
    variants: condition.variants.map(withEffect),
    index,
  }));
  const alike = (group: typeof numbered, keyOf: (condition: typeof numbered[number]) => string) =>
    [...Map.groupBy(group, keyOf).values()].filter(({ length }) => length > 1);
  // Prompts take longer to compare, so they are compared last.
  return alike(numbered, ({ variants }) => JSON.stringify(variants.map(rulesIn)))
    .flatMap((group) =>
      alike(group, ({ variants, index }) => {
        const design = plan.at(index);
        return JSON.stringify(variants.map((settings) => promptsIn({ loaded, plan, design, settings })));
      })
    )
    .map((group) => ({
      conditions: group.map(({ label }) => label),
      factors: Object.keys(group[0]!.factors).filter((path) =>
        new Set(group.map(({ factors }) => factors[path])).size > 1
      ),
    }));
}

/** At most this many groups of conditions are shown as text. JSON has all of them. */
const GROUPS_SHOWN_MAX = 5;

/** A warning for people; empty if all conditions differ. */
export function sameConditionsText(found: readonly SameConditions[]): string {
  const lines = found.slice(0, GROUPS_SHOWN_MAX).map(({ conditions, factors }) =>
    `warning: the conditions ${
      named(conditions.map((label) => `"${label}"`))
    } do not differ: they send the ` +
    `same prompts to the same models, under the same rules. Check the levels of ${named(factors)}`
  );
  const rest = found.length - lines.length;
  const more = rest > 0 ? [`… and ${plural(rest, "more group")} of conditions that do not differ`] : [];
  return [...lines, ...more].map((line) => `${neutralise(line)}\n`).join("");
}

/** The settings without values that can never have an effect. */
function withEffect(settings: DiscussionSettings): DiscussionSettings {
  const { moderator, roles, history } = settings;
  return {
    ...settings,
    moderator: moderatorCalls(settings).calls === 0 ? null : moderator,
    roles: givenRoles(roles),
    history: history !== null && history >= commentsMax(settings) ? null : history,
  };
}

/** No prompt of a discussion shows more comments than this. */
function commentsMax(settings: DiscussionSettings): number {
  const { openings, past, turns, interventions } = settings;
  const begun = [...openings.map(({ length }) => length), ...(past ?? []).map(({ events }) => events.length)];
  // No prompt shows the last comment, because no request follows it.
  return Math.max(0, ...begun) + interventions.length + turns + moderatorCalls(settings).calls - 1;
}

/** Everything that makes conditions differ, except the texts of prompts. */
function rulesIn(settings: DiscussionSettings) {
  const {
    participantModels,
    pinnedModel,
    moderator,
    roles,
    past,
    pinned,
    others,
    models,
    prompt: _,
    ...rest
  } = settings;
  const ofPinned = pinnedModel === null ? [] : [pinnedModel];
  const used = [...participantModels, ...ofPinned, ...moderator === null ? [] : [moderator.model]];
  return {
    ...rest,
    // The name of a model changes nothing, except in a branch, whose participants keep their models by name.
    participantModels: past === null ? participantModels.length : participantModels,
    pinnedModel: past === null ? ofPinned.length : ofPinned,
    models: used.map((name) => {
      const { limits: _limits, prices: _prices, ...model } = models[name]!;
      return model;
    }),
    roles: roles.map(({ instructions: _, ...role }) => role),
    personas: [pinned, others].map((personas) =>
      personas.map(({ name, attributes: { talkativeness } }) => [name, talkativeness])
    ),
    moderator: moderator === null ? null : { ...moderator, model: null, persona: null, instructions: null },
    past: past?.map(({ origin }) => origin),
  };
}

type InCondition = Readonly<{
  loaded: LoadedExperiment;
  plan: Plan;
  /** A discussion of the condition. */
  design: DiscussionDesign;
  settings: DiscussionSettings;
}>;

/** The prompts to every persona in every role and to the moderator, before and after some turns. */
function promptsIn({ loaded: { rules }, plan, design, settings }: InCondition) {
  const { moderator, roles, prompt, history, turns, passWord } = settings;
  const before = stateBeforeTurns(plan, { ...design, moderator, prompt, history, turns, passWord });
  const states = [before, ...statesAfterTurns(before, 0)];
  const personas = [...settings.pinned, ...settings.others];
  const given = [undefined, ...roles.map(({ name, instructions }) => ({ name, instructions }))];
  const participants = personas.length * given.length > RENDERED_MAX
    ? [prompt, personas, roles]
    : personas.flatMap((persona) =>
      given.map((role) => states.map((state) => toPersona(state, persona, role)))
    );
  const schedule = moderator === null ? undefined : rules.schedules.get(moderator.schedule.name);
  const { mayAbstain = true } = schedule ?? {};
  return [
    participants,
    moderator === null ? null : states.map((state) => moderatorPrompt(state, moderator, { mayAbstain })),
  ];
}

function toPersona(
  state: ReturnType<typeof stateBeforeTurns>,
  { name, attributes: persona }: Persona,
  role: DiscussionDesign["participants"][number]["role"],
) {
  const { model } = state.design.participants[0]!;
  return participantPrompt(state, { name, model, persona, ...role === undefined ? {} : { role } });
}
