/** The section that can be pasted into a paper. */
import type { Block, Section } from "../document.ts";
import type { AnalysisFacts, RunFacts } from "../facts.ts";
import { analysedSentences } from "./methods_analysed.ts";
import { heldSentences } from "./methods_held.ts";
import { judgedSentences } from "./methods_judged.ts";

/**
 * The methods section: sentences that follow from the logs and manifests alone.
 *
 * @param runs The runs, at least one.
 * @param analysis How they were analysed.
 */
export function methodsSection(runs: readonly RunFacts[], analysis: AnalysisFacts): Section {
  const paragraphs = [
    ...runs.flatMap((run) => [heldSentences(run), judgedSentences(run)]),
    analysedSentences(runs, analysis),
  ];
  return {
    id: "methods",
    title: "Methods, in words",
    blocks: paragraphs.filter((sentences) => sentences.length > 0)
      .map((sentences): Block => ({ kind: "paragraph", text: sentences.join(" ") })),
  };
}
