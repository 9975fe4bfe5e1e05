/** The first page: the question, what ran, the results, and what limits them. */
import type { Observation, OutcomeComparisons } from "../../outcomes/mod.ts";
import { isUnavailable } from "../../statistics/unavailable.ts";
import type { Block, Section } from "../document.ts";
import type { AnalysisFacts, RunFacts } from "../facts.ts";
import { callout, heading, paragraph } from "../tables.ts";
import { joined, shortened, timeText } from "../words.ts";
import { limitsOf } from "./first_page_limits.ts";
import { restText, resultBlocks } from "./first_page_results.ts";
import { headlineResults } from "./first_page_rows.ts";
import { alternativesText } from "./result_sentences.ts";
import { meansTable } from "./first_page_means.ts";
import { annotatorFacts, ranFacts } from "./first_page_ran.ts";

/** Sums up the report, for readers who read only this page. Its results are the tests of `compared`. */
export function firstPageSection(
  runs: readonly RunFacts[],
  analysis: AnalysisFacts,
  { compared, observations }: Readonly<
    { compared: OutcomeComparisons; observations: readonly Observation[] }
  >,
): Section {
  const { design } = analysis;
  const headline = headlineResults(compared, 1 - design.level);
  const results = { compared, analysis: design };
  return {
    id: "first-page",
    title: "Summary",
    blocks: [
      paragraph(
        design.question === null
          ? "No question was declared."
          : shortened(design.question, QUESTION_SHOWN_MAX),
      ),
      facts([...ranFacts(runs), ...annotatorFacts(runs, observations, design.silences)]),
      heading("Results"),
      ...standingBlocks(analysis),
      ...headline.rows.some(({ tests }) => tests.some(({ figures }) => !isUnavailable(figures)))
        ? [
          ...resultBlocks(headline, results),
          ...[
            [alternativesText(compared, headline.alpha), restText(headline, compared)]
              .filter((text) => text !== "").join(" "),
          ].filter((text) => text !== "").map(paragraph),
        ]
        : meansTable(compared, design),
      heading("What limits these results"),
      facts(limitsOf(runs, analysis, { compared, observations })),
    ],
  };
}

const QUESTION_SHOWN_MAX = 600;

function facts(entries: readonly (readonly [term: string, value: string])[]): Block {
  return {
    kind: "facts",
    entries: entries.filter(([, value]) => value !== "").map(([term, value]) => ({ term, value })),
  };
}

/** Says what the results can show. It is a caution if some results are not confirmatory. */
function standingBlocks({ source, design, sampleChanged, family }: AnalysisFacts): readonly Block[] {
  const exploratory =
    "These results suggest questions for another study and confirm nothing, whatever their p.";
  switch (source.from) {
    case "experiment":
      if (design.outcomes.length === 0) {
        return [callout("caution", "Exploratory: no outcome was declared before the run", exploratory)];
      }
      if (sampleChanged > 0) {
        return [callout(
          "caution",
          `Not confirmatory: ${sampleChanged === family ? "the" : `${sampleChanged} of the`} declared tests`,
          "They were declared before the run, but results were seen before the sample changed. See “Looks at the results”, below.",
        )];
      }
      return [paragraph(
        `Declared before the run (in the run's log since ${
          timeText(source.since)
        }), so these tests are confirmatory.`,
      )];
    case "unshown":
      return [callout(
        "caution",
        "Exploratory: the logs do not show that the analysis was declared before the run",
        `${joined(source.reasons)}. ${exploratory}`,
      )];
    case "afterwards":
      return [callout(
        "caution",
        "Exploratory: the analysis was given after the run",
        `It comes from the file "${source.file}". ${exploratory}`,
      )];
    case "nowhere":
      return [callout("caution", "Exploratory: no analysis was declared", exploratory)];
    default:
      return source satisfies never;
  }
}
