/** The section of examples: some discussions word by word. */
import type { ExamplePlace } from "../../statistics/quantile_examples.ts";
import type { Block, Section, Transcript } from "../document.ts";
import type { OutcomeFacts } from "../facts.ts";

/** A discussion that is shown. */
export type Example = Readonly<{ place: ExamplePlace; transcript: Transcript }>;

/** The section of examples. */
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
    return [{
      kind: "paragraph",
      text: "There are no examples: no discussion has a value to choose them by.",
    }];
  }
  const figure = outcome.unit === "comment" ? `mean ${outcome.name}` : outcome.name;
  return [
    {
      kind: "paragraph",
      text: `These discussions are at the ${examples.map(({ place }) => place).join(", ")} of ${figure}. ` +
        "Only this rule chose them, not their content. Comments are shown as the participants could read them.",
    },
    ...examples.map(({ transcript }) => transcript),
  ];
}
