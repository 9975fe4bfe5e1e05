/** The first page: the question, what ran, the results, and what limits them. */
import type { OutcomeComparisons } from "../../outcomes/mod.ts";
import { isUnavailable } from "../../statistics/unavailable.ts";
import type { Block, Section } from "../document.ts";
import type { AnalysisFacts, RunFacts } from "../facts.ts";
import { formatCount, plural } from "../numbers.ts";
import { callout, heading, paragraph } from "../tables.ts";
import { joined, named, shortened, timeText } from "../words.ts";
import { factorsOf, factorTexts } from "../conditions.ts";
import { limitsOf } from "./first_page_limits.ts";
import { alternativesText, headlineResults, restText, resultBlocks } from "./first_page_results.ts";
import { meansTable } from "./first_page_means.ts";
import { playedByNamed } from "./people_and_models.ts";
import { passesOf } from "./methods_texts.ts";

/** Sums up the report for a reader who reads nothing else. Its results are the tests of `compared`. */
export function firstPageSection(
  runs: readonly RunFacts[],
  analysis: AnalysisFacts,
  compared: OutcomeComparisons,
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
      facts(ranFacts(runs)),
      heading("Results"),
      ...standingBlocks(analysis),
      ...headline.rows.some(({ tests }) => tests.some(({ figures }) => !isUnavailable(figures)))
        ? [
          ...resultBlocks(headline, results),
          ...[restText(headline, compared), alternativesText(compared, headline.alpha)]
            .filter((text) => text !== "").map(paragraph),
        ]
        : meansTable(compared, design),
      heading("What limits these results"),
      facts(limitsOf(runs, analysis, compared)),
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

function ranFacts(runs: readonly RunFacts[]): readonly (readonly [string, string])[] {
  return runs.flatMap((run) => {
    const prefix = runs.length > 1 ? `${run.run}: ` : "";
    return ([
      ["Discussions", discussionsText(run)],
      ["Comments", commentsText(run)],
      ["Models", modelsText(run)],
    ] as const).map(([term, value]) => [`${prefix}${term}`, value] as const);
  });
}

function discussionsText(run: RunFacts): string {
  const { design, execution, planned } = run;
  const completed = [...execution.ends.values()].reduce((sum, ends) => sum + ends.completed, 0);
  const all = planned?.discussions ?? design.discussions;
  const conditions = planned?.conditions ?? design.conditions.values.length;
  const factors = factorTexts(factorsOf([run]));
  const replicates = planned === null ? "" : `${plural(planned.replications, "replicate")} of `;
  const differ = factors.length === 0 ? "" : `: ${factors.join(" × ")}`;
  return `${formatCount(completed)} of ${formatCount(all)} ${
    planned === null ? "imported" : "planned"
  } are complete; ` +
    `${replicates}${plural(conditions, "condition")}${differ}`;
}

function commentsText({ status }: RunFacts): string {
  const counts = [...status.conditions.values()];
  const total = (of: (one: typeof counts[number]) => number) => counts.reduce((sum, one) => sum + of(one), 0);
  const silent = total((one) => one.silent);
  const comments = total((one) => one.turns - one.silent - one.cutBeforeText);
  const interventions = total((one) => one.interventions);
  return `${formatCount(comments)} of participants${
    interventions === 0 ? "" : `, ${formatCount(interventions)} of moderators`
  }; ${plural(silent, "silent turn")}`;
}

function modelsText(run: RunFacts): string {
  const speakers = playedByNamed(run).map(([who, models]) => `${who}: ${models}`);
  const annotators = passesOf(run).filter(({ models }) => Object.keys(models).length > 0).map((
    { pass, models },
  ) => `annotators of ${pass}: ${named(Object.keys(models))}`);
  return [...speakers, ...annotators].join("; ");
}

/** What the results can show, as a caution unless all of them are confirmatory. */
function standingBlocks({ source, design, sampleChanged, family }: AnalysisFacts): readonly Block[] {
  const exploratory = "They suggest questions for another study and confirm nothing, whatever their p.";
  switch (source.from) {
    case "experiment":
      if (design.outcomes.length === 0) {
        return [callout("caution", "Exploratory: no outcome was declared before the run", exploratory)];
      }
      if (sampleChanged > 0) {
        return [callout(
          "caution",
          `Not confirmatory: ${sampleChanged === family ? "the" : `${sampleChanged} of the`} declared tests`,
          "They were declared before the run, but results were seen before the sample changed. See Looks, below.",
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
