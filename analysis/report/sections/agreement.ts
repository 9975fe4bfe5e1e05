/** The section on agreement between annotators. */
import type { AnalysisDesign } from "../../../core/experiment/analysis_design.ts";
import {
  acrossPasses,
  agreementOn,
  type AnnotatedScale,
  annotatedScales,
  annotatorUses,
  bootstrapped,
  completedOf,
  describe,
  type Describing,
  type Grouping,
  groupings,
  measurementLevel,
  type Observation,
  type PairAgreement,
  pairAgreements,
  POLARISATION_ANNOTATORS_MIN,
  POLARISATION_STEPS_MAX,
  polarisations,
  type SharedScale,
} from "../../outcomes/mod.ts";
import { isUnavailable, unavailable } from "../../statistics/unavailable.ts";
import type { Block, Section, Table } from "../document.ts";
import {
  bootstrapNote,
  completedBlock,
  counts,
  heading,
  numbers,
  paragraph,
  percent,
  resamplesText,
  shares,
  shown,
  TableIds,
  tableOf,
  texts,
} from "../tables.ts";
import { groupColumn, titled } from "./outcome_tables.ts";

/** If a scale has more annotators, the table of pairs is left out. */
const PAIRED_MAX = 12;

/** If the table of pairs across passes would have more rows, it is left out. */
const SHARED_PAIRS_MAX = 66;

/** Describes how much annotators agree on each scale of each pass, and how each annotator uses the scale. */
export function agreementSection(
  observations: readonly Observation[],
  analysis: AnalysisDesign,
  order: Readonly<Record<string, readonly string[]>>,
  seed: string,
): Section {
  const section = (blocks: readonly Block[]): Section => ({ id: "agreement", title: "Agreement", blocks });
  const completed = completedOf(observations);
  if (completed.length === 0) return section([completedBlock(observations)]);
  const scales = annotatedScales(completed, analysis.silences);
  if (scales.length === 0) {
    return section([paragraph("The comments were not annotated, so there is no agreement to report.")]);
  }
  const ids = new TableIds("agreement");
  const describing = { seed, level: analysis.level };
  const several = scales.filter(({ annotators }) => annotators.length >= 2);
  const single = scales.filter(({ annotators }) => annotators.length < 2);
  const blocks: Block[] = [completedBlock(observations)];
  if (several.length > 0) {
    blocks.push(shown(agreementTable(ids.next("scales"), several, describing)));
  }
  if (single.length > 0) {
    const names = single.map(nameOf).join(", ");
    const which = single.length === 1 ? "this scale has" : "these scales have";
    blocks.push(paragraph(`Agreement needs two annotators; ${which} one: ${names}.`));
  }
  for (const annotated of several) {
    const name = nameOf(annotated);
    const text = annotated.annotators.length > PAIRED_MAX
      ? [
        paragraph(
          `Pairs are not shown, because there are ${annotated.annotators.length} annotators: more than ${PAIRED_MAX}.`,
        ),
      ]
      : [shown(pairsTable(ids.next(name, "pairs"), annotated))];
    blocks.push(heading(name), ...text, shown(usesTable(ids.next(name, "annotators"), annotated)));
  }
  for (const annotated of single) {
    blocks.push(shown(usesTable(ids.next(nameOf(annotated), "annotators"), annotated)));
  }
  const byGroups = groupings(completed, analysis, order);
  blocks.push(...sharedBlocks(acrossPasses(scales), ids, describing));
  return section([...blocks, ...polarisationBlocks(several, completed.length, byGroups, ids, describing)]);
}

/** Describes how much annotators of different passes agree on the scales that the passes have in common. */
function sharedBlocks(scales: readonly SharedScale[], ids: TableIds, describing: Describing): Block[] {
  if (scales.length === 0) return [];
  const title = "Agreement across passes";
  return [
    heading(title),
    paragraph(
      "Several passes have a scale of the same name, type and range. Here their annotators are compared with each " +
        "other, such as people with models. An annotator is named by its pass and its name.",
    ),
    shown(agreementTable(ids.next("across"), scales, { ...describing, title })),
    ...scales.flatMap((shared): Block[] => {
      const pairs = pairAgreements(shared).filter(({ first, second }) =>
        shared.passOf[first] !== shared.passOf[second]
      );
      return pairs.length > SHARED_PAIRS_MAX
        ? [paragraph(`Pairs on ${nameOf(shared)} are not shown, because there are ${pairs.length}.`)]
        : [shown(pairsTable(ids.next("across", nameOf(shared), "pairs"), shared, pairs))];
    }),
  ];
}

/** A note on which comments the tables of this section count. */
const COUNTED =
  "Counted: all comments that the pass annotates, openings and comments by moderators included; silent turns only if the analysis includes them.";

function agreementTable(
  id: string,
  scales: readonly AnnotatedScale[],
  { seed, level, title = "Agreement by scale" }: Describing & Readonly<{ title?: string }>,
): Table {
  const rows = scales.map((annotated) => ({ ...annotated, ...agreementOn(annotated, { seed, level }) }));
  const resamples = resamplesText(rows.map(({ resamples }) => resamples));
  const note = `${COUNTED} ` +
    "Alpha is Krippendorff's alpha for the scale's level of measurement: 1 is perfect agreement, 0 is agreement by " +
    `chance. Its ${
      percent(level)
    } interval comes from ${resamples} bootstrap resamples of discussions. Raw ` +
    "agreement is the share of annotator pairs that gave a comment the same value, averaged over comments; it is not " +
    "corrected for chance.";
  return tableOf({ id, title, note }, rows, [
    texts("pass", "Pass", ({ pass }) => pass),
    texts("scale", "Scale", ({ scale }) => scale.name),
    texts("level", "Level", ({ scale }) => measurementLevel(scale)),
    counts("annotators", "Annotators", ({ annotators }) => annotators.length),
    counts("comments", "Comments rated by two or more", ({ comments }) => comments),
    numbers("alpha", "Alpha", ({ alpha }) => alpha, 3),
    numbers("interval", "Interval of alpha", ({ interval }) => interval, 3),
    shares("raw_agreement", "Raw agreement", ({ raw }) => raw),
  ]);
}

function pairsTable(
  id: string,
  annotated: AnnotatedScale,
  pairs: readonly PairAgreement[] = pairAgreements(annotated),
): Table {
  const note = `${COUNTED} ` +
    "Equal values: the share of comments that got the same value from both annotators, among the comments that both " +
    "rated. Mean difference: the mean of the first annotator's value minus the second's value; yes counts as 1.";
  const title = `Pairs of annotators on ${nameOf(annotated)}`;
  return tableOf({ id, title, note }, pairs, [
    texts("first", "First", ({ one }) => one),
    texts("second", "Second", ({ other }) => other),
    counts("comments", "Comments rated by both", ({ comments }) => comments),
    shares("equal", "Equal values", ({ equal }) => equal),
    numbers("difference", "Mean difference", ({ difference }) => difference),
  ]);
}

function usesTable(id: string, annotated: AnnotatedScale): Table {
  const note = `${COUNTED} ` +
    "Missing: comments for which the annotator gave no valid value. Mean: the annotator's average value; yes counts as " +
    "1. SD: the standard deviation of the values.";
  return tableOf({ id, title: `Annotators on ${nameOf(annotated)}`, note }, annotatorUses(annotated), [
    texts("annotator", "Annotator", ({ annotator }) => annotator),
    counts("asked", "To annotate", ({ asked }) => asked),
    counts("missing", "Missing", ({ missing }) => missing),
    shares(
      "missing_share",
      "Share missing",
      ({ missing, asked }) => asked === 0 ? unavailable("there was nothing to annotate") : missing / asked,
    ),
    numbers("mean", "Mean", ({ mean }) => mean),
    numbers("sd", "SD", ({ deviation }) => deviation),
    texts("usual", "Most frequent value", ({ usual }) => usual),
    shares("usual_share", "Share of that value", ({ usualShare }) => usualShare),
  ]);
}

/** A scale with the polarisation of its comments: one list for each discussion. */
type Polarised = Readonly<{ annotated: AnnotatedScale; lists: readonly (readonly number[])[] }>;

export function nameOf({ pass, scale }: AnnotatedScale): string {
  return `${pass}/${scale.name}`;
}

function polarisationBlocks(
  scales: readonly AnnotatedScale[],
  observations: number,
  byGroups: readonly Grouping[],
  ids: TableIds,
  describing: Describing,
): Block[] {
  const polarised = scales.flatMap((annotated): Polarised[] => {
    const lists = polarisations(annotated, observations);
    return isUnavailable(lists) || lists.every((list) => list.length === 0) ? [] : [{ annotated, lists }];
  });
  if (polarised.length === 0) {
    const text =
      `Polarisation (nDFU) is not reported: it needs comments with values from at least ${POLARISATION_ANNOTATORS_MIN} ` +
      `annotators on an ordinal scale of at most ${POLARISATION_STEPS_MAX} steps.`;
    return scales.length === 0 ? [] : [paragraph(text)];
  }
  const all: Grouping = {
    by: null,
    groups: [{ name: "all discussions", members: [...Array(observations).keys()] }],
    reference: null,
  };
  return [
    heading("Polarisation"),
    paragraph(
      "Polarisation is the normalised distance from unimodality (nDFU): 0 when a comment's values cluster around one " +
        "step of the scale, 1 when they split into two equal camps. It is computed for comments with values from at least " +
        `${POLARISATION_ANNOTATORS_MIN} annotators. With three annotators it can only be 0, 0.5 or 1.`,
    ),
    ...[all, ...byGroups.filter(({ by }) => by !== null)].map((grouping) =>
      shown(polarisationTable(ids.next("polarisation", ...grouping.by === null ? [] : ["by", grouping.by]), {
        polarised,
        grouping,
        describing,
      }))
    ),
  ];
}

function polarisationTable(
  id: string,
  { polarised, grouping, describing }: Readonly<
    { polarised: readonly Polarised[]; grouping: Grouping; describing: Describing }
  >,
): Table {
  const rows = polarised.flatMap(({ annotated, lists }) =>
    grouping.groups.map(({ name, members }) => {
      const given = members.map((member) => lists[member]!);
      const values = given.flat();
      return {
        scale: nameOf(annotated),
        group: name,
        ...describe(given, bootstrapped(describing)),
        above: values.length === 0
          ? unavailable("no comment has values from enough annotators")
          : values.filter((value) => value > 0).length / values.length,
      };
    })
  );
  const note = `${COUNTED} ${bootstrapNote(describing.level, rows)}.`;
  return tableOf({ id, title: titled("Polarisation of comments", grouping), note }, rows, [
    texts("scale", "Scale", ({ scale }) => scale),
    groupColumn(grouping),
    counts("comments", "Comments", ({ values }) => values),
    numbers("mean", "Mean nDFU", ({ mean }) => mean, 3),
    numbers("interval", "Interval of the mean", ({ interval }) => interval, 3),
    shares("above_zero", "Comments above 0", ({ above }) => above),
  ]);
}
