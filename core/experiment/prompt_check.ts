/** Checks a researcher's own templates: renders every kind of prompt with real draws of the plan. */
import { annotationPrompt, questionAt, questionsPerComment } from "../annotation/mod.ts";
import { moderatorPrompt, type OpenState, participantPrompt } from "../discussion/mod.ts";
import { evolve, initialState } from "../discussion/state.ts";
import type { AnnotationDesign, DiscussionDesign, NamedTemplates } from "../events/mod.ts";
import { TEMPLATE_NAMES, TemplateError } from "../templates/mod.ts";
import type { Experiment } from "./experiment.ts";
import type { PromptMistake } from "./template_sets.ts";
import { planDiscussions } from "./plan.ts";

/** At most this many discussions of each condition are rendered. */
const REPLICATES_CHECKED = 3;

/** At most this many discussions of an experiment are rendered. */
const DISCUSSIONS_CHECKED_MAX = 300;

/** Renders the prompts of some planned discussions, and of the annotation. Reports each mistake once. */
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
  }
  if (experiment.annotation !== null) checkAnnotation(experiment.annotation.design, found);
  return found.all;
}

/** Renders the prompts of an annotation with own templates. */
export function annotationMistakes(design: AnnotationDesign): readonly PromptMistake[] {
  const found = new Mistakes();
  checkAnnotation(design, found);
  return found.all;
}

class Mistakes {
  readonly #found = new Map<string, PromptMistake>();

  get all(): readonly PromptMistake[] {
    return [...this.#found.values()];
  }

  try(templates: NamedTemplates, render: () => unknown): void {
    try {
      render();
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      const template = TEMPLATE_NAMES.find((name) => error.template.endsWith(`.${name}`))!;
      this.#found.set(error.message, { set: templates.sha256, template, error });
    }
  }
}

/** What participants say in prompts that are rendered to check templates. */
const SAID = "A comment.\nIts second line.";

function checkDiscussion(design: DiscussionDesign, found: Mistakes): void {
  const { participants, moderator, prompt: { templates } } = design;
  if (templates?.texts === undefined) return;
  const opened = evolve(initialState, { type: "DiscussionOpened", data: { ...design, history: null } });
  let state = opened as OpenState;
  const authors = [...participants, ...(moderator === null ? [] : [moderator])];
  for (const { name: author } of authors) {
    const data = { comment: state.comments, author, text: SAID };
    state = evolve(state, { type: "SeedCommentPosted", data }) as OpenState;
  }
  for (const moment of [opened as OpenState, state]) {
    for (const one of participants) found.try(templates, () => participantPrompt(moment, one));
    // The speaker's own comment is the first one shown, so that the template `beginning` is rendered.
    for (const [place, one] of participants.entries()) {
      if (moment.comments > 0) found.try(templates, () => participantPrompt(moment, one, place));
    }
    if (moderator === null) continue;
    for (const mayAbstain of [false, true]) {
      found.try(templates, () => moderatorPrompt(moment, moderator, { mayAbstain }));
      const commentsLeftOut = Math.max(0, moment.comments - 1);
      found.try(templates, () => moderatorPrompt(moment, moderator, { mayAbstain, commentsLeftOut }));
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
      found.try(templates, () => annotationPrompt(annotator, comments, { scales, ...design.prompt }));
    }
  }
}
