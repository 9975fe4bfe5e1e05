/** The people whom an experiment needs. Their time cannot be estimated. */
import type { LoadedExperiment } from "../../adapters/local/mod.ts";
import { ratersOf, seatsOf } from "../../adapters/people/persons.ts";
import { plural } from "../terminal/numbers.ts";

/** How many people an experiment needs: seats of participants and moderators, and annotators. */
export type PeoplePlan = Readonly<{ seats: number; discussions: number; annotators: number }>;

/** Whether a model is a person. */
export function isPerson({ adapters }: Pick<LoadedExperiment, "adapters">, adapter: string): boolean {
  return adapters.get(adapter)?.asksPeople === true;
}

/** The names of the models that are people. */
export function personNames(loaded: LoadedExperiment): ReadonlySet<string> {
  const { plan, experiment: { annotation } } = loaded;
  const all = plan.conditions.flatMap(({ variants }) => variants.map(({ models }) => models));
  const entries = [...all, annotation?.models ?? {}].flatMap((models) => Object.entries(models));
  return new Set(entries.filter(([, { adapter }]) => isPerson(loaded, adapter)).map(([name]) => name));
}

/** Counts the people; `null` if no model is a person. */
export function countPeople(loaded: LoadedExperiment): PeoplePlan | null {
  const { plan, experiment: { annotation } } = loaded;
  const asksPeople = ({ adapter }: Readonly<{ adapter: string }>) => isPerson(loaded, adapter);
  if (personNames(loaded).size === 0) return null;
  const perDiscussion = [...plan].map((design) => seatsOf(design, asksPeople).length).filter((seats) =>
    seats > 0
  );
  return {
    seats: perDiscussion.reduce((sum, seats) => sum + seats, 0),
    discussions: perDiscussion.length,
    annotators: annotation === null ? 0 : ratersOf(annotation.design, asksPeople).length,
  };
}

/** Warns if people are needed and the experiment file does not ask them for consent. */
export function peopleWarnings(
  { experiment }: LoadedExperiment,
  people: PeoplePlan | null,
): readonly string[] {
  if (experiment.people.consent !== null || people === null) return [];
  if (people.seats + people.annotators === 0) return [];
  return [
    "a model is a person, and the file has no people.consent: people are not asked whether they agree to take part",
  ];
}

/** The line about people; empty without people. */
export function peopleLine(people: PeoplePlan | null): string {
  if (people === null) return "";
  const { seats, discussions, annotators } = people;
  const parts = [
    ...(seats > 0 ? [`${plural(seats, "seat")} in ${plural(discussions, "discussion")}`] : []),
    ...(annotators > 0 ? [plural(annotators, "annotator")] : []),
  ];
  return parts.length === 0 ? "" : `people needed: ${parts.join(", ")}; how long they take is not known\n`;
}
