/**
 * Finds template sets of the researcher whose prompts are probably different from what the researcher wants.
 */
import type { LoadedExperiment } from "../../adapters/local/mod.ts";
import type { NamedTemplates, TemplateName, TemplateSet } from "../../core/events/mod.ts";
import { DEFAULT_TEXTS } from "../../core/experiment/mod.ts";
import { parseTemplate, TEMPLATE_NAMES } from "../../core/templates/mod.ts";
import { neutralise } from "../terminal/neutralise.ts";

/** Nearly every English prompt has one of these words. Prompts in other languages have none. */
const ENGLISH = /\b(?:the|you|your)\b/i;

/** The tags of Jinja. Their words are English in every language. */
const TAGS = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}|\{#[\s\S]*?#\}/g;

/** Warnings about template sets that the researcher wrote. Most experiments have no warnings. */
export function templateWarnings(
  { experiment: { conditions, annotation } }: LoadedExperiment,
): readonly string[] {
  const found = new Warnings();
  for (const { prompt, moderator, history } of conditions.flatMap(({ variants }) => variants)) {
    const { templates, context, instructions } = prompt;
    const shared = { "participants.context": context };
    const ofParticipants = { ...shared, "participants.instructions": instructions };
    found.check(templates, { kind: "participant", history, texts: ofParticipants });
    if (moderator === null) continue;
    const ofModerator = { ...shared, "moderators.<name>.instructions": moderator.instructions };
    found.check(templates, { kind: "moderator", history, texts: ofModerator });
  }
  const { annotators = [], prompt } = annotation?.design ?? {};
  for (const { instructions } of annotators) {
    const texts = { "annotation.annotators.instructions": instructions };
    found.check(prompt?.templates, { kind: "annotator", history: null, texts });
  }
  return found.all;
}

/** The warnings for people, each in one line; empty if there are none. */
export function warningsText(warnings: readonly string[]): string {
  return warnings.map((warning) => `${neutralise(`warning: ${warning}`)}\n`).join("");
}

type Prompts = Readonly<{
  kind: "participant" | "moderator" | "annotator";
  /** How many comments a prompt shows; `null` for all. */
  history: number | null;
  texts: Readonly<Partial<Record<keyof typeof DEFAULT_TEXTS, string>>>;
}>;

class Warnings {
  /** The name of a set in another language → the paths whose English texts its prompts show. */
  readonly #english = new Map<string, Set<string>>();
  readonly #withoutComments = new Set<string>();
  readonly #facts = new Map<string, Facts>();

  get all(): readonly string[] {
    const english = [...this.#english].map(([name, paths]) =>
      `the template set "${name}" does not look English, but its prompts show the English defaults of ` +
      `${[...paths].join(", ")}. Write these texts in the file`
    );
    return [...english, ...this.#withoutComments];
  }

  check(templates: NamedTemplates | undefined, { kind, history, texts }: Prompts): void {
    if (templates?.texts === undefined) return;
    const { name, layout } = templates.texts;
    const { uses, isForeign } = this.#factsOf(templates.texts, kind);
    const isInMessages = kind !== "annotator" && layout === "messages";
    if (history !== 0 && !isInMessages && !uses.has("comments")) {
      const remedy = kind === "annotator" ? "Write it there" : "Write it there, or use layout: messages";
      this.#withoutComments.add(
        `the template ${kind} of the set "${name}" does not use {{ comments }}, so the model gets no comments. ${remedy}`,
      );
    }
    if (!isForeign) return;
    for (const [path, text] of Object.entries(texts)) {
      const isShown = uses.has(path.slice(path.lastIndexOf(".") + 1));
      if (!isShown || text !== DEFAULT_TEXTS[path as keyof typeof DEFAULT_TEXTS]) continue;
      this.#english.set(name, (this.#english.get(name) ?? new Set()).add(path));
    }
  }

  #factsOf(set: TemplateSet, kind: Prompts["kind"]): Facts {
    const names = [`${kind}System`, kind] as const;
    const key = JSON.stringify([set.name, ...names, ...names.map((name) => set[name])]);
    let facts = this.#facts.get(key);
    if (facts === undefined) {
      facts = { uses: new Set(names.flatMap((name) => usesOf(set, name))), isForeign: isForeign(set) };
      this.#facts.set(key, facts);
    }
    return facts;
  }
}

type Facts = Readonly<{
  /** The variables in both templates of a kind: for its system message and for its message. */
  uses: ReadonlySet<string>;
  isForeign: boolean;
}>;

function usesOf(set: TemplateSet, name: TemplateName): readonly string[] {
  const source = set[name];
  return source === undefined ? [] : parseTemplate(name, source).uses;
}

/** Whether a set has words in another language than English. */
function isForeign(set: TemplateSet): boolean {
  const words = TEMPLATE_NAMES.map((name) => set[name]?.replace(TAGS, " ") ?? "").join("\n");
  return /\p{L}/u.test(words) && !ENGLISH.test(words);
}
