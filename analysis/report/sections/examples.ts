/** The section that shows some discussions word by word. */
import type { ExamplePlace } from "../../statistics/quantile_examples.ts";
import type { Block, Section, Transcript } from "../document.ts";
import type { OutcomeFacts } from "../facts.ts";

/** A discussion that is shown. */
export type Example = Readonly<{ place: ExamplePlace; transcript: Transcript }>;

/**
 * The section of examples.
 *
 * @param outcome The outcome that they were chosen by; `null` where nothing has a value.
 * @param examples The discussions, from the minimum to the maximum.
 */
export function examplesSection(
  outcome: Pick<OutcomeFacts, "name" | "unit"> | null,
  examples: readonly Example[],
): Section {
  return { id: "examples", title: "Examples", blocks: blocksOf(outcome, examples) };
}

function blocksOf(
  outcome: Pick<OutcomeFacts, "name" | "unit"> | null,
  examples: readonly Example[],
): readonly Block[] {
  if (outcome === null || examples.length === 0) {
    return [{ kind: "paragraph", text: "No discussion has a value by which examples could be chosen." }];
  }
  const figure = outcome.unit === "comment" ? `mean ${outcome.name}` : outcome.name;
  return [
    {
      kind: "paragraph",
      text:
        `The discussions at the ${
          examples.map(({ place }) => place).join(", ")
        } of ${figure} among all that have a ` +
        "value: chosen by that rule alone, not by what was said in them. Comments stand as everybody in the discussion could read them.",
    },
    ...examples.map(({ transcript }) => transcript),
  ];
}
