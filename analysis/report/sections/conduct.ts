/** The section on conduct: how the discussions were held. */
import type { AnalysisDesign } from "../../../core/experiment/analysis_design.ts";
import { type ConductCounts, countConduct, groupings, type Observation } from "../../outcomes/mod.ts";
import type { Block, Section } from "../document.ts";
import { TableIds } from "../table_ids.ts";
import { shown } from "./columns.ts";
import { completedBlock, completedOf } from "./completed.ts";
import { followingTable, rolesTable, turnsTable, wordsTable } from "./conduct_tables.ts";
import { distributionFigure } from "./distribution_figure.ts";

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
  }
  return { id: "conduct", title: "Conduct", blocks };
}

/** The words of all comments, one list a discussion. */
function wordsOf({ participantWords, moderatorWords }: ConductCounts): readonly (readonly number[])[] {
  return participantWords.map((words, discussion) => [...words, ...moderatorWords[discussion]!]);
}
