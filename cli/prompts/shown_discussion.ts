/** Shows one discussion of a plan, with its first prompt. */
import { messagesText } from "./prompts_text.ts";
import type { LoadedExperiment } from "../../adapters/local/mod.ts";
import { type DiscussionDesign, type Participant } from "../../core/events/mod.ts";
import {
  type AskStep,
  decide,
  type DiscussionState,
  evolve,
  initialState,
} from "../../core/discussion/mod.ts";
import { type FactorLabels, labelOf, pastsOf } from "../../core/experiment/mod.ts";
import { neutralise, neutraliseLines } from "../terminal/neutralise.ts";
import { plural } from "../terminal/numbers.ts";
import { UsageError } from "../shared/program.ts";

/** A discussion before its first turn. */
export type ShownDiscussion = Readonly<{
  design: DiscussionDesign;
  /** The first request, exactly as the model will get it. */
  first: AskStep;
}>;

/**
 * The discussion with this number in the plan, from 1.
 *
 * @throws {UsageError} When the plan has fewer discussions.
 */
export function shownDiscussion({ plan, rules }: LoadedExperiment, number: number): ShownDiscussion {
  if (number > plan.size) {
    throw new UsageError(
      `Cannot show discussion "${number}": the experiment has ${plural(plan.size, "discussion")}`,
    );
  }
  const design = plan.at(number - 1);
  let state: DiscussionState = evolve(initialState, { type: "DiscussionOpened", data: design });
  const past = design.forkedFrom === undefined ? null : pastsOf(plan)(design.forkedFrom);
  for (const { event } of past?.events ?? []) state = evolve(state, event);
  for (;;) {
    const step = decide(state, rules);
    if (step.kind === "ask") return { design, first: step };
    // Every discussion has a turn, so a request always comes before the end.
    if (step.kind === "ended") throw new TypeError(`Cannot show discussion "${number}": it has no turns`);
    state = evolve(state, step.event);
  }
}

/** The discussion as text. */
export function shownText(
  { design, first: { model, request } }: ShownDiscussion,
  labels: FactorLabels = {},
): string {
  const {
    id,
    condition,
    replicate,
    participants,
    moderator,
    openings,
    interventions = [],
    varied,
    forkedFrom,
  } = design;
  const lines = [
    `${id}: condition ${condition}, replicate ${replicate}`,
    ...Object.entries(varied).map(([path, label]) => `  ${labelOf(path, labels)}: ${label}`),
    "",
    "Participants",
    ...participants.map(described),
    ...(moderator === null ? [] : ["", "Moderator", `  ${moderator.name} (${moderator.schedule.name})`]),
    "",
    ...(forkedFrom === undefined
      ? []
      : [`Continues ${forkedFrom.stream}, a discussion of the run ${forkedFrom.run}`, ""]),
    openings.length === 0 ? "No opening comment" : "Opening",
  ].map(neutralise);
  for (const { author, text } of openings) {
    lines.push(`  ${neutralise(author)}: ${neutraliseLines(text, "    ")}`);
  }
  if (interventions.length > 0) lines.push("", "Scripted interventions");
  for (const { after, author, text } of interventions) {
    lines.push(`  after turn ${after}, ${neutralise(author)}: ${neutraliseLines(text, "    ")}`);
  }
  lines.push("", neutralise(`First prompt, to ${model} for ${request.origin.speaker}`));
  return `${lines.join("\n")}\n${messagesText(request.messages)}`;
}

function described({ name, model, persona, role }: Participant): string {
  const attributes = Object.entries(persona)
    .map(([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
  return `  ${name}${role === undefined ? "" : ` [${role.name}]`} on ${model}` +
    (attributes.length === 0 ? "" : ` – ${attributes.join(", ")}`);
}
