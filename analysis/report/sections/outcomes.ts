/** The section on outcomes: descriptive figures of every outcome. */
import { scaleTypeOf } from "../../../core/annotation/scales/mod.ts";
import {
  type AnalysisDesign,
  DISCUSSION_METRICS,
  type DiscussionMetric,
  type WhoseComments,
  whoseComments,
} from "../../../core/experiment/analysis_design.ts";
import {
  completedOf,
  type Describing,
  descriptionsOf,
  type Grouping,
  groupings,
  isShare,
  type Observation,
  type Outcome,
  outcomesOf,
} from "../../outcomes/mod.ts";
import { caveatsOf, whoseText } from "../analysis_texts.ts";
import type { Block, Section } from "../document.ts";
import { formatCount, plural } from "../numbers.ts";
import { callout, completedBlock, heading, paragraph, shown, TableIds } from "../tables.ts";
import { cellsFigure, facetsFigure, type FactorPair, factorPairs } from "./factorial_figures.ts";
import { labelsFigure } from "./label_figures.ts";
import { courseFigure, discussionsFigure, outcomeDistribution } from "./outcome_figures.ts";
import { figuresTable, labelsTable, outcomeTable } from "./outcome_tables.ts";
import { WORDS_COMPARED_MAX } from "../../texts/rouge.ts";

/**
 * Describes every outcome at the levels of each analysed factor. Declared outcomes are described in full, other
 * outcomes briefly. If no outcome is declared, annotated scales are described in full.
 */
export function outcomesSection(
  observations: readonly Observation[],
  analysis: AnalysisDesign,
  order: Readonly<Record<string, readonly string[]>>,
  seed: string,
): Section {
  const completed = completedOf(observations);
  const blocks: Block[] = [completedBlock(observations)];
  if (completed.length > 0) {
    const groups = groupings(completed, analysis, order);
    const context: Context = {
      ids: new TableIds("outcomes"),
      groupings: groups,
      pairs: factorPairs(groups, analysis),
      time: analysis.time,
      seed,
      level: analysis.level,
    };
    const outcomes = outcomesOf(completed, analysis);
    const inFull = (outcome: Outcome) =>
      outcome.declared || (analysis.outcomes.length === 0 && outcome.unit === "comment");
    const comments = outcomes.filter(({ unit }) => unit === "comment");
    const figures = outcomes.filter((outcome) => outcome.unit === "discussion" && !inFull(outcome));
    blocks.push(
      paragraph(countingText(analysis)),
      ...shortened(completed, whoseComments(analysis, ["diversity"])),
    );
    for (const outcome of outcomes) {
      const isLabel = outcome.scale !== null && scaleTypeOf(outcome.scale).labels !== undefined;
      if (outcome.declared || (outcome.unit === "comment" && !isLabel)) {
        blocks.push(...outcomeBlocks(outcome, inFull(outcome), context));
      }
    }
    blocks.push(...labelBlocks(comments, context), ...figureBlocks(figures, context));
  }
  return { id: "outcomes", title: "Outcomes", blocks };
}

type Context =
  & Describing
  & Readonly<
    {
      ids: TableIds;
      groupings: readonly Grouping[];
      pairs: readonly FactorPair[];
      time: AnalysisDesign["time"];
    }
  >;

function countingText(analysis: AnalysisDesign): string {
  const silences = analysis.silences === "include"
    ? "and silent turns that were annotated"
    : "without silent turns";
  return `The analysis counts ${
    whoseText(analysis, silences)
  }. Opening comments and scripted interventions never count. ` +
    "A comment's value is the mean over its annotators. Yes counts as 1, no as 0. Each label of a nominal scale is 1 if " +
    "it was given, else 0. Outcomes marked as declared are named in the analysis. The section on the question says " +
    "whether they were declared before the run. All other outcomes are exploratory.";
}

/** The call-out names at most this many discussions. The data files have all of them. */
const SHORTENED_NAMED_MAX = 10;

/** A note that names the discussions whose diversity uses only the first words of each comment. */
function shortened(observations: readonly Observation[], whose: WhoseComments): Block[] {
  const found = observations.flatMap(({ discussion, texts }) => {
    const { wordsCompared } = texts[whose];
    return wordsCompared === null ? [] : [{ discussion, wordsCompared }];
  });
  if (found.length === 0) return [];
  const named = found.slice(0, SHORTENED_NAMED_MAX)
    .map(({ discussion, wordsCompared }) => `${discussion} (${formatCount(wordsCompared)})`);
  const rest = found.length > named.length ? `, and ${formatCount(found.length - named.length)} more` : "";
  return [
    callout(
      "caution",
      `Diversity from the first words only: ${plural(found.length, "discussion")}`,
      "The time to compare texts grows with the square of their length. In these discussions only the first words of " +
        `each comment were compared; the number is in brackets: ${
          named.join(", ")
        }${rest}. The column words_compared of discussions.csv has all of them.`,
    ),
  ];
}

function outcomeBlocks(outcome: Outcome, inFull: boolean, context: Context): Block[] {
  const { ids, groupings, time } = context;
  const { name, unit } = outcome;
  const blocks: Block[] = [heading(name), paragraph(outcomeText(outcome))];
  if (outcome.values.values.length === 0) {
    const text = `No completed discussion has a value of "${name}".`;
    return [...blocks, callout("caution", "No values", text)];
  }
  const described = groupings.map((grouping) => descriptionsOf(outcome, grouping, context));
  for (const [place, grouping] of groupings.entries()) {
    const id = ids.next(name, ...by(grouping));
    blocks.push(shown(outcomeTable(id, outcome, grouping, described[place]!, context.level)));
  }
  const plotted = groupings[0]!;
  const crossed = inFull
    ? context.pairs.flatMap((pair) => {
      const names = [pair.rows.by, pair.series.by];
      return [
        cellsFigure(ids.next(name, ...names, "cells"), outcome, pair, context),
        unit === "comment" ? facetsFigure(ids.next(name, ...names, "course"), outcome, pair, context) : null,
      ];
    })
    : [];
  const figures = [
    ...crossed,
    unit === "comment" ? courseFigure(ids.next(name, "course"), outcome, plotted, time, context.level) : null,
    ...inFull
      ? [
        isShare(outcome) ? null : outcomeDistribution(ids.next(name, "distribution"), outcome, plotted),
        discussionsFigure(ids.next(name, "discussions"), outcome, plotted, described[0]!, context.level),
      ]
      : [],
  ];
  return [...blocks, ...figures.filter((figure) => figure !== null)];
}

function outcomeText({ declared, scale, unit }: Outcome): string {
  const label = declared ? "Declared." : "Exploratory.";
  if (unit === "discussion") return `${label} One value per discussion.`;
  if (scale === null) return label;
  const text = scaleTypeOf(scale).outcome?.(scale);
  return text === undefined ? label : `${label} ${text}`;
}

/** Tables and plots of the labels of every nominal scale, including declared labels. */
function labelBlocks(outcomes: readonly Outcome[], context: Context): Block[] {
  const scales = Map.groupBy(outcomes, ({ scale }) => scale);
  return [...scales].flatMap(([scale, members]) => {
    const all = scale === null ? undefined : scaleTypeOf(scale).labels?.(scale);
    if (all === undefined) return [];
    const labels = all.flatMap((label) => {
      const outcome = members.find((member) => labelOf(member.name, all) === label);
      return outcome === undefined ? [] : [{ label, outcome }];
    });
    const first = labels[0]!;
    const title = first.outcome.name.slice(0, -`=${first.label}`.length);
    return [
      heading(`${title}: labels`),
      paragraph(
        "The share of each label. Exploratory, except for labels that are declared above.",
      ),
      ...present(
        labelsFigure(context.ids.next(title, "labels", "shares"), title, labels, context.groupings[0]!),
      ),
      ...context.groupings.map((grouping) =>
        shown(
          labelsTable(context.ids.next(title, "labels", ...by(grouping)), title, labels, grouping, context),
        )
      ),
    ];
  });
}

function present(figure: Block | null): readonly Block[] {
  return figure === null ? [] : [figure];
}

/** The longest label that an outcome's name ends with. A label can contain `=`, so several labels can fit. */
function labelOf(name: string, labels: readonly string[]): string | undefined {
  return labels.filter((label) => name.endsWith(`=${label}`))
    .reduce<string | undefined>(
      (longest, label) => label.length > (longest?.length ?? -1) ? label : longest,
      undefined,
    );
}

function figureBlocks(figures: readonly Outcome[], context: Context): Block[] {
  if (figures.length === 0) return [];
  const title = "Figures of discussions";
  return [
    heading(title),
    paragraph(
      ["Exploratory. One value per discussion.", ...caveatsOf(figures)].join(" "),
    ),
    ...context.groupings.map((grouping) =>
      shown(
        figuresTable(context.ids.next("figures", ...by(grouping)), title, figures, grouping, context.level),
      )
    ),
    {
      kind: "facts",
      entries: DISCUSSION_METRICS.map((metric) => ({ term: metric, value: METRIC_TEXTS[metric] })),
    },
  ];
}

function by({ by }: Grouping): readonly string[] {
  return by === null ? [] : ["by", by];
}

const METRIC_TEXTS: Readonly<Record<DiscussionMetric, string>> = {
  "diversity": "1 − the mean F1 of ROUGE-L over all pairs of counted comments; " +
    `only the first ${
      formatCount(WORDS_COMPARED_MAX)
    } words of a comment count, and fewer if there are very many comments`,
  "distinct-2":
    "distinct bigrams / all bigrams, in the counted comments; it falls with the length of the discussion",
  "words": "mean words of a counted comment",
  "silence-rate":
    "the share of turns in which the participant stayed silent, including replies that the server withheld; turns whose " +
    "reply was cut before any text are left out",
  "participation-rate": "the share of participants who made a comment",
  "evenness": "the normalised entropy of comments over participants: 1 if all made equally many comments",
  "respond-rate":
    "the share of turns that the second-to-last speaker took, among all turns at which this was possible",
  "intervention-rate": "the share of the moderator's slots with a comment",
};
