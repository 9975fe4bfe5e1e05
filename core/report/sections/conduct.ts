/** The section on conduct: how the discussions were held. */
import type { AnalysisDesign } from "../../experiment/analysis_design.ts";
import {
  CONDUCT_FIGURES,
  type ConductCounts,
  countConduct,
  type Grouping,
  groupings,
  meanEstimate,
  type Observation,
} from "../../analysis/outcomes/mod.ts";
import { isUnavailable } from "../../analysis/unavailable.ts";
import type { Block, Section, Table } from "../document.ts";
import { TableIds } from "../table_ids.ts";
import { counts, heading, numbers, percent, shown, tableOf, texts } from "./columns.ts";
import { completedBlock, completedOf } from "./completed.ts";
import { followingTable, rolesTable, turnsTable, wordsTable } from "./conduct_tables.ts";
import { distributionFigure } from "./distribution_figure.ts";
import { groupColumn, titled } from "./outcome_tables.ts";

/** What the figures of a discussion are called, and what they are. */
const FIGURE_TEXTS: Readonly<Record<typeof CONDUCT_FIGURES[number]["name"], readonly [string, string]>> = {
  "silence-rate": ["Silence", "the share of turns without a comment"],
  "participation-rate": ["Participation", "the share of participants who made a comment"],
  "evenness": ["Evenness", "the entropy of comments over participants, 1 where all made equally many"],
  "respond-rate": [
    "Respond rate",
    "the share of turns at which the second-to-last speaker came back, where that was possible",
  ],
  "intervention-rate": ["Intervention rate", "the share of a moderator's slots in which it spoke"],
  "interventions-per-turn": [
    "Interventions per turn",
    "the moderator's comments for each turn of a participant",
  ],
  "diversity": [
    "Diversity",
    "1 − the mean F1 of ROUGE-L over all pairs of comments, those of moderators among them",
  ],
  "distinct-2": [
    "Distinct-2",
    "the share of different pairs of words in a row among all of them, in the comments of participants and moderators; " +
    "it falls the more is said, so that it compares only discussions of about the same length",
  ],
};

/**
 * Describes how the discussions were held, by the levels of each analysed factor.
 *
 * @param observations The discussions, those that did not end among them.
 * @param analysis What names the factors, and the level of intervals.
 * @param order Factor → its levels in the order of the experiment file.
 * @param seed Where the resamples of intervals come from.
 */
export function conductSection(
  observations: readonly Observation[],
  analysis: AnalysisDesign,
  order: Readonly<Record<string, readonly string[]>>,
  seed: string,
): Section {
  const completed = completedOf(observations);
  const blocks: Block[] = [completedBlock(observations)];
  if (completed.length > 0) {
    const ids = new TableIds("conduct");
    const describing = { seed, level: analysis.level };
    for (const [place, grouping] of groupings(completed, analysis, order).entries()) {
      const { by } = grouping;
      const idOf = (what: string) => ids.next(what, ...by === null ? [] : ["by", by]);
      const held = grouping.groups.map(({ members }) =>
        countConduct(members.map((member) => completed[member]!))
      );
      blocks.push(
        shown(turnsTable(idOf("turns"), grouping, held)),
        shown(followingTable(idOf("following"), grouping, held)),
        shown(wordsTable(idOf("words"), grouping, held, describing)),
        shown(figuresTable(idOf("figures"), grouping, completed, analysis.level)),
      );
      if (place > 0) continue;
      const samples = grouping.groups.map(({ name }, group) => ({
        name,
        values: wordsOf(held[group]!).flat(),
      }));
      const what = "Distribution of comment lengths";
      const figure = distributionFigure(ids.next("lengths"), what, "Words of a comment", samples, grouping);
      if (figure !== null) blocks.push(figure);
    }
    const roles = rolesTable(ids.next("roles"), completed);
    if (roles !== null) blocks.push(shown(roles));
    const entries = CONDUCT_FIGURES.map(({ name }) => ({
      term: FIGURE_TEXTS[name][0],
      value: FIGURE_TEXTS[name][1],
    }));
    blocks.push(heading("What the figures are"), { kind: "facts", entries });
  }
  return { id: "conduct", title: "Conduct", blocks };
}

function figuresTable(
  id: string,
  grouping: Grouping,
  observations: readonly Observation[],
  level: number,
): Table {
  const rows = CONDUCT_FIGURES.flatMap(({ name, of }) =>
    grouping.groups.map((group) => {
      const figures = group.members.map((member) => of(observations[member]!));
      const given = figures.flatMap((figure) => isUnavailable(figure) ? [] : [figure]);
      const reason = figures.find((figure) => isUnavailable(figure));
      const estimate = meanEstimate(given, level);
      // Where no discussion has the figure, the reason of the first says more than that there is none.
      return {
        name,
        group: group.name,
        ...estimate,
        ...given.length === 0 && reason ? { mean: reason } : {},
      };
    })
  );
  return tableOf({
    id,
    title: titled("Figures of discussions", grouping),
    note:
      `Means over the discussions that have the figure, with their ${
        percent(level)
      } intervals of Student's t, ` +
      "which can reach beyond what a share can be.",
    columns: [
      texts("figure", "Figure", rows.map(({ name }) => FIGURE_TEXTS[name][0])),
      groupColumn(grouping, rows.map(({ group }) => group)),
      counts("discussions", "Discussions", rows.map(({ discussions }) => discussions)),
      numbers("mean", "Mean", rows.map(({ mean }) => mean), 3),
      numbers("interval", "Interval", rows.map(({ interval }) => interval), 3),
    ],
  });
}

/** The words of all comments, one list a discussion. */
function wordsOf({ participantWords, moderatorWords }: ConductCounts): readonly (readonly number[])[] {
  return participantWords.map((words, discussion) => [...words, ...moderatorWords[discussion]!]);
}
