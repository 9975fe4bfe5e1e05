/** Texts of the methods section about who spoke and who annotated: people, and models. */
import { HUMAN_ADAPTER, IMPORTED_MODEL, UNKNOWN_MODEL } from "../../../core/discussion/mod.ts";
import { isPerson, type ModelUse, type PassDesign } from "../../projections/mod.ts";
import type { RunFacts } from "../facts.ts";
import { plural } from "../numbers.ts";
import { peopleCount } from "../people_texts.ts";
import { joined, named, QUOTED_MAX, shortened } from "../words.ts";
import { samplingText } from "./design_tables.ts";

/**
 * The annotators of a pass, with people and models named separately: `1 person and 2 annotators simulated by
 * qwen`.
 */
export function annotatorsText(
  { annotators, models }: Pick<PassDesign, "annotators" | "models">,
  { isDetailed }: Readonly<{ isDetailed: boolean }>,
): string {
  const used = Object.entries(models).map(([name, spec]) => ({ name, spec }));
  const persons = new Set<string | undefined>(used.filter(isPerson).map(({ name }) => name));
  const programs = used.filter((model) => !isPerson(model));
  const people = annotators.filter(({ model }) => persons.has(model));
  const others = annotators.filter(({ model }) => !persons.has(model));
  const namesOf = (some: typeof annotators) => isDetailed ? ` (${named(some.map(({ name }) => name))})` : "";
  const by = named(programs.map((model) => isDetailed ? modelText(model) : model.name));
  return joined([
    ...people.length > 0 ? [`${peopleCount(people.length)}${namesOf(people)}`] : [],
    ...others.length > 0
      ? [`${plural(others.length, "annotator")}${namesOf(others)}${isDetailed ? "," : ""} simulated by ${by}`]
      : [],
  ]);
}

/** Sentences that say how many people took part, rated and withdrew. An empty list without people. */
export function peopleSentences({ people, peopleWords }: RunFacts): readonly string[] {
  if (peopleWords === undefined) return [];
  const { speakers, raters, withdrawn } = peopleWords;
  const seats = speakers > 1 ? " (each seat counts as one)" : "";
  const parts = [
    ...speakers > 0 ? [`${peopleCount(speakers)} took part in discussions${seats}`] : [],
    ...raters > 0 ? [`${peopleCount(raters)} rated comments`] : [],
  ];
  const withdrew = people?.withdrew ?? withdrawn.people;
  return [`${joined(parts)}; ${withdrew === 0 ? "no one" : peopleCount(withdrew)} withdrew.`];
}

/** Says who took part in the discussions: people, simulated participants, or both. */
export function participantsText({ design: { models } }: RunFacts): string {
  const used = models.values.map(({ value }) => value.setting).filter(({ as }) => as === "participant");
  if (!used.some(isPerson)) return "simulated participants";
  return used.every(isPerson) ? "people" : "people and simulated participants";
}

/** Participants and moderators with the text that says who they were: `simulated by qwen (…)`, `people`, or both. */
export function speakersWere(run: RunFacts): readonly (readonly [string, string])[] {
  return speakersBy(run, (models, complete) => {
    const programs = models.filter((model) => !isPerson(model)).map(modelText);
    return joined([
      ...programs.length < models.length ? ["people"] : [],
      ...programs.length > 0 ? [`simulated by ${named([...new Set(programs)], complete)}`] : [],
    ], "or");
  });
}

/** The speakers and their models; speakers with the same models are named together. */
export function playedBy(run: RunFacts): readonly (readonly [string, string])[] {
  return speakersBy(run, (models, complete) => named([...new Set(models.map(modelText))], complete));
}

/** The speakers and the names of their models, without their settings. */
export function playedByNamed(run: RunFacts): readonly (readonly [string, string])[] {
  const nameOf = ({ name, spec: { options } }: ModelUse) =>
    typeof options.model === "string" && options.model !== name ? `${name} (${options.model})` : name;
  return speakersBy(run, (models, complete) => named([...new Set(models.map(nameOf))], complete));
}

function speakersBy(
  { design: { models } }: RunFacts,
  textOf: (models: readonly ModelUse[], complete: boolean) => string,
): readonly (readonly [string, string])[] {
  const played = new Map<string, string[]>();
  for (const [as, who] of [["participant", "participants"], ["moderator", "moderators"]] as const) {
    const used = models.values.map(({ value }) => value.setting)
      .filter((model) => model.as === as && model.name !== UNKNOWN_MODEL);
    if (used.length === 0) continue;
    const by = textOf(used, models.complete);
    played.set(by, [...played.get(by) ?? [], who]);
  }
  return [...played].map(([by, who]) => [joined(who), by]);
}

/** The adapter of the scripted model. */
const SCRIPTED = "scripted";

/** A model and its settings: `qwen (Qwen2.5-7B through openai; temperature 0.8)`. */
function modelText({ name, spec }: Pick<ModelUse, "name" | "spec">): string {
  const { adapter, options } = spec;
  if (adapter === IMPORTED_MODEL.adapter) return name;
  const through = typeof options.model === "string"
    ? `${options.model} through ${adapter}`
    : adapter === SCRIPTED
    ? "a script, not a language model"
    : adapter === HUMAN_ADAPTER
    ? "people, not a language model"
    : `adapter ${adapter}`;
  const rest = Object.entries(options).filter(([key]) => key !== "model")
    .map(([key, value]) => `${key} ${typeof value === "string" ? value : JSON.stringify(value)}`);
  const parts = [through, samplingText(spec), rest.join(", ")].filter((part) => part !== "");
  return `${name} (${shortened(parts.join("; "), QUOTED_MAX)})`;
}
