/** Checks the templates of a researcher: renders every kind of prompt for real draws of the plan. */
import { annotationPrompt, questionAt, questionsPerComment } from "../annotation/mod.ts";
import { moderatorPrompt, type OpenState, participantPrompt } from "../discussion/mod.ts";
import { evolve, initialState } from "../discussion/state.ts";
import type { AnnotationDesign, DiscussionDesign, NamedTemplates } from "../events/mod.ts";
import { TEMPLATE_NAMES, TemplateError } from "../templates/mod.ts";
import type { Experiment } from "./experiment.ts";
import type { PromptMistake } from "./template_sets.ts";
import { type Plan, planDiscussions } from "./plan.ts";

/** At most this many discussions of each condition are rendered. */
const REPLICATES_CHECKED = 3;

/** At most this many discussions of an experiment are rendered. */
const DISCUSSIONS_CHECKED_MAX = 300;

/** At most this many prompts are rendered to check personas. */
const PERSONA_PROMPTS_MAX = 10_000;

/**
 * Renders the prompts of some planned discussions, of all personas and of the annotation. Reports one mistake at each
 * position of a template.
 */
export function promptMistakes(experiment: Experiment): readonly PromptMistake[] {
  const found = new Mistakes();
  const own = experiment.conditions.flatMap(({ variants }) => variants)
    .some(({ prompt }) => prompt.templates?.texts !== undefined);
  if (own) {
    const plan = planDiscussions(experiment);
    const count = Math.min(plan.size, experiment.conditions.length * REPLICATES_CHECKED);
    for (let index = 0; index < Math.min(count, DISCUSSIONS_CHECKED_MAX); index++) {
      checkDiscussion(plan.at(index), found);
    }
    checkPersonas(plan, found);
  }
  if (experiment.annotation !== null) checkAnnotation(experiment.annotation.design, found);
  return found.all;
}

/** Renders the prompts of an annotation, if its templates are not built in. Returns the mistakes. */
export function annotationMistakes(design: AnnotationDesign): readonly PromptMistake[] {
  const found = new Mistakes();
  checkAnnotation(design, found);
  return found.all;
}

type Kind = "participant" | "moderator" | "annotator";

/** After this many failures, no more prompts of the same kind and set are rendered. */
const FAILURES_MAX = 10;

class Mistakes {
  readonly #found = new Map<string, PromptMistake>();
  readonly #failures = new Map<string, number>();

  get all(): readonly PromptMistake[] {
    return [...this.#found.values()];
  }

  try(kind: Kind, { sha256 }: NamedTemplates, render: () => unknown): void {
    const key = `${kind} ${sha256}`;
    const failures = this.#failures.get(key) ?? 0;
    if (failures >= FAILURES_MAX) return;
    try {
      render();
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      this.#failures.set(key, failures + 1);
      const template = TEMPLATE_NAMES.find((name) => error.template.endsWith(`.${name}`))!;
      const place = `${error.template}:${error.line}:${error.column}`;
      if (!this.#found.has(place)) this.#found.set(place, { set: sha256, template, error });
    }
  }
}

/** The text of all comments in prompts that are rendered to check templates. */
const SAID = "A comment.\nIts second line.";

function checkDiscussion(design: DiscussionDesign, found: Mistakes): void {
  const { participants, moderator, prompt: { templates } } = design;
  if (templates?.texts === undefined) return;
  for (const moment of momentsOf(design)) {
    for (const one of participants) found.try("participant", templates, () => participantPrompt(moment, one));
    // The first shown comment is one of the speaker's own, so that the template `beginning` is rendered, too.
    for (const [place, one] of participants.entries()) {
      if (moment.comments > 0) {
        found.try("participant", templates, () => participantPrompt(moment, one, place));
      }
    }
    if (moderator === null) continue;
    for (const mayAbstain of [false, true]) {
      found.try("moderator", templates, () => moderatorPrompt(moment, moderator, { mayAbstain }));
      const commentsLeftOut = Math.max(0, moment.comments - 1);
      found.try(
        "moderator",
        templates,
        () => moderatorPrompt(moment, moderator, { mayAbstain, commentsLeftOut }),
      );
    }
  }
}

/** A discussion before its first comment, and after a comment of each speaker. */
function momentsOf(design: DiscussionDesign): readonly OpenState[] {
  const opened = evolve(initialState, { type: "DiscussionOpened", data: { ...design, history: null } });
  let state = opened as OpenState;
  const { participants, moderator } = design;
  for (const { name: author } of [...participants, ...(moderator === null ? [] : [moderator])]) {
    const data = { comment: state.comments, author, text: SAID };
    state = evolve(state, { type: "SeedCommentPosted", data }) as OpenState;
  }
  return [opened as OpenState, state];
}

/**
 * Renders prompts for each persona, without a role and in each role: a later discussion can draw any of them.
 */
function checkPersonas(plan: Plan, found: Mistakes): void {
  let left = PERSONA_PROMPTS_MAX;
  for (const [index, { variants }] of plan.conditions.entries()) {
    const design = plan.at(index);
    for (const { prompt, past, pinned, others, roles } of variants) {
      const { templates } = prompt;
      if (templates?.texts === undefined || past !== null) continue;
      const moments = momentsOf({ ...design, prompt });
      for (const { name, attributes: persona } of [...pinned, ...others]) {
        for (const role of [{}, ...roles.map((role) => ({ role }))]) {
          const speaker = { name, model: design.participants[0]!.model, persona, ...role };
          for (const moment of moments) {
            if (left-- <= 0) return;
            found.try("participant", templates, () => participantPrompt(moment, speaker));
          }
        }
      }
    }
  }
}

function checkAnnotation(design: AnnotationDesign, found: Mistakes): void {
  const { prompt: { templates } } = design;
  if (templates?.texts === undefined) return;
  const shown = [{ author: "Anna", text: SAID }, { author: "Ben", text: SAID }];
  for (let place = 0; place < questionsPerComment(design); place++) {
    const { annotator, scales } = questionAt(design, [0], place);
    for (const comments of [shown.slice(1), shown]) {
      found.try(
        "annotator",
        templates,
        () => annotationPrompt(annotator, comments, { scales, ...design.prompt }),
      );
    }
  }
}
