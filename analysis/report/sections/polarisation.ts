/** Polarisation: whether annotators are of several minds about a comment. */
import { RESAMPLES } from "../../statistics/cluster_bootstrap.ts";
import {
  bootstrapped,
  describe,
  type Grouping,
  type JudgedScale,
  POLARISATION_ANNOTATORS_MIN,
  POLARISATION_STEPS_MAX,
  polarisations,
} from "../../outcomes/mod.ts";
import { isUnavailable, unavailable } from "../../statistics/unavailable.ts";
import type { Block, Table } from "../document.ts";
import type { TableIds } from "../table_ids.ts";
import {
  bootstrapNote,
  counts,
  heading,
  numbers,
  paragraph,
  shares,
  shown,
  tableOf,
  texts,
} from "./columns.ts";
import { type Describing, titled } from "./outcome_tables.ts";

/** A scale with the polarisation of its comments, one list a discussion. */
type Polarised = Readonly<{ judged: JudgedScale; lists: readonly (readonly number[])[] }>;

/** How a scale is called among those of several passes. */
export function nameOf({ pass, scale }: JudgedScale): string {
  return `${pass}/${scale.name}`;
}

/**
 * The blocks on polarisation.
 *
 * @param scales Scales with two annotators or more.
 * @param observations How many discussions there are.
 * @param byGroups What they are shown by, beside all together.
 */
export function polarisationBlocks(
  scales: readonly JudgedScale[],
  observations: number,
  byGroups: readonly Grouping[],
  ids: TableIds,
  describing: Describing,
): Block[] {
  const polarised = scales.flatMap((judged): Polarised[] => {
    const lists = polarisations(judged, observations);
    return isUnavailable(lists) || lists.every((list) => list.length === 0) ? [] : [{ judged, lists }];
  });
  if (polarised.length === 0) {
    const text =
      `Polarisation (nDFU) is not given: no comment has values of ${POLARISATION_ANNOTATORS_MIN} annotators ` +
      `or more on an ordinal scale of ${POLARISATION_STEPS_MAX} steps at most.`;
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
      "Polarisation is the normalised distance from unimodality, nDFU: 0 where a comment's values gather around one step " +
        `of the scale, 1 where two equal halves lie apart. Comments with values of ${POLARISATION_ANNOTATORS_MIN} ` +
        "annotators or more count. With three annotators it is coarse: it can only be 0, 0.5 or 1.",
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
  const rows = polarised.flatMap(({ judged, lists }) =>
    grouping.groups.map(({ name, members }) => {
      const given = members.map((member) => lists[member]!);
      const values = given.flat();
      return {
        name: nameOf(judged),
        group: name,
        described: describe(given, bootstrapped(describing)),
        above: values.length === 0
          ? unavailable("no comment has values of enough annotators")
          : values.filter((value) => value > 0).length / values.length,
      };
    })
  );
  return tableOf({
    id,
    title: titled("Polarisation of comments", grouping),
    note: `${bootstrapNote(describing.level, RESAMPLES)}.`,
    columns: [
      texts("scale", "Scale", rows.map(({ name }) => name)),
      texts("group", grouping.by ?? "Group", rows.map(({ group }) => group)),
      counts("comments", "Comments", rows.map(({ described }) => described.values)),
      numbers("mean", "Mean nDFU", rows.map(({ described }) => described.mean), 3),
      numbers("interval", "Interval of the mean", rows.map(({ described }) => described.interval), 3),
      shares("above_zero", "Comments above 0", rows.map(({ above }) => above)),
    ],
  });
}
