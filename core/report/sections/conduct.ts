/** The section on conduct: how the discussions were held. */
import type { AnalysisDesign } from "../../experiment/analysis_design.ts";
import {
  bootstrapped,
  CONDUCT_FIGURES,
  type ConductCounts,
  countByRole,
  countConduct,
  describe,
  type Grouping,
  groupings,
  meanEstimate,
  type Observation,
} from "../../analysis/outcomes/mod.ts";
import { RESAMPLES } from "../../analysis/cluster_bootstrap.ts";
import { isUnavailable, type Unavailable, unavailable } from "../../analysis/unavailable.ts";
import type { Block, Section, Table } from "../document.ts";
import { TableIds } from "../table_ids.ts";
import {
  bootstrapNote,
  counts,
  descriptionColumns,
  numbers,
  percent,
  shares,
  shown,
  tableOf,
  texts,
} from "./columns.ts";
import { completedBlock, completedOf } from "./completed.ts";
import { distributionFigure } from "./outcome_figures.ts";
import { type Describing, divergencesFrom, groupColumn, titled } from "./outcome_tables.ts";

/** What the figures of a discussion are, in the order of {@linkcode CONDUCT_FIGURES}. */
const FIGURE_TEXTS: Readonly<Record<typeof CONDUCT_FIGURES[number]["name"], string>> = {
  "silence-rate": "Silence: the share of turns without a comment",
  "participation-rate": "Participation: the share of participants who made a comment",
  "evenness": "Evenness: the entropy of comments over participants, 1 where all made equally many",
  "respond-rate":
    "Respond rate: the share of turns at which the second-to-last speaker came back, where that was possible",
  "intervention-rate": "Intervention rate: the share of a moderator's slots in which it spoke",
  "interventions-per-turn": "Interventions for each turn of a participant",
  "diversity": "Diversity: 1 − the mean ROUGE-L of all pairs of comments",
  "distinct-2": "Distinct-2: the share of different pairs of words among all pairs in a row",
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
  }
  return { id: "conduct", title: "Conduct", blocks };
}

function turnsTable(id: string, grouping: Grouping, held: readonly ConductCounts[]): Table {
  const of = (count: (counts: ConductCounts) => number) => held.map(count);
  const hasModerators = held.some(({ slots }) => slots > 0);
  return tableOf({
    id,
    title: titled("Turns, silence and interventions", grouping),
    note: "Counts over all discussions of a group. A moderator has a slot whenever it was asked.",
    columns: [
      ...groupColumn(grouping, grouping.groups.map(({ name }) => name)),
      counts("discussions", "Discussions", of(({ discussions }) => discussions)),
      counts("turns", "Turns", of(({ turns }) => turns)),
      counts("comments", "Comments", of(({ comments }) => comments)),
      counts("silent_turns", "Silent turns", of(({ turns, comments }) => turns - comments)),
      shares(
        "silent_share",
        "Share of turns",
        held.map(({ turns, comments }) => share(turns - comments, turns, "nobody has had a turn")),
      ),
      ...hasModerators
        ? [
          counts("moderator_slots", "Moderator slots", of(({ slots }) => slots)),
          counts("interventions", "Interventions", of(({ interventions }) => interventions)),
          counts("abstentions", "Silent slots", of(({ slots, interventions }) => slots - interventions)),
          shares(
            "intervention_share",
            "Share of slots",
            held.map(({ interventions, slots }) => share(interventions, slots, "no moderator was asked")),
          ),
        ]
        : [],
    ],
  });
}

function followingTable(id: string, grouping: Grouping, held: readonly ConductCounts[]): Table {
  return tableOf({
    id,
    title: titled("Who follows on whom", grouping),
    note:
      "Counts over all discussions of a group, silent turns included. The second-to-last speaker can come back where " +
      "two different people had the two turns before; a repeat is a turn of whoever had the turn before.",
    columns: [
      ...groupColumn(grouping, grouping.groups.map(({ name }) => name)),
      counts("answerable", "Turns with a second-to-last speaker", held.map(({ answerable }) => answerable)),
      counts("answered", "Taken by them", held.map(({ answered }) => answered)),
      shares(
        "respond_share",
        "Share",
        held.map(({ answered, answerable }) =>
          share(answered, answerable, "at no turn could the second-to-last speaker come back")
        ),
      ),
      counts("repeated", "Immediate repeats", held.map(({ repeated }) => repeated)),
      shares(
        "repeat_share",
        "Share of turns",
        held.map(({ repeated, turns }) => share(repeated, turns, "nobody has had a turn")),
      ),
    ],
  });
}

function wordsTable(
  id: string,
  grouping: Grouping,
  held: readonly ConductCounts[],
  describing: Describing,
): Table {
  const speakers = [
    { name: "participants", words: held.map(({ participantWords }) => participantWords) },
    ...held.some(({ moderatorWords }) => moderatorWords.some((list) => list.length > 0))
      ? [{ name: "moderators", words: held.map(({ moderatorWords }) => moderatorWords) }]
      : [],
  ];
  const rows = speakers.flatMap(({ name, words }) =>
    grouping.groups.map((group, place) => ({ speaker: name, group: group.name, words: words[place]! }))
  );
  const descriptions = rows.map(({ words }) => describe(words, bootstrapped(describing)));
  const divergences = speakers.flatMap(({ words }) =>
    divergencesFrom(
      grouping.groups.map(({ name }, place) => ({ name, values: words[place]!.flat() })),
      grouping.reference,
    )
  );
  return tableOf({
    id,
    title: titled("Words of a comment", grouping),
    note:
      `Words are runs of characters between white space. ${
        bootstrapNote(describing.level, RESAMPLES)
      }; SD is the ` +
      "standard deviation." +
      (grouping.reference === null
        ? ""
        : " Divergence is that of Jensen and Shannon in bits between the smoothed distributions of lengths and of the " +
          `reference's (${grouping.reference}).`),
    columns: [
      texts("speakers", "Comments of", rows.map(({ speaker }) => speaker)),
      ...groupColumn(grouping, rows.map(({ group }) => group)),
      counts("comments", "Comments", descriptions.map(({ values }) => values)),
      ...descriptionColumns(descriptions, "comment"),
      ...grouping.reference === null ? [] : [numbers("divergence", "Divergence", divergences, 3)],
    ],
  });
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
    note: `Means over the discussions that have the figure, with their ${
      percent(level)
    } intervals of Student's t. ${Object.values(FIGURE_TEXTS).join(". ")}.`,
    columns: [
      texts("figure", "Figure", rows.map(({ name }) => FIGURE_TEXTS[name].split(":")[0]!)),
      ...groupColumn(grouping, rows.map(({ group }) => group)),
      counts("discussions", "Discussions", rows.map(({ discussions }) => discussions)),
      numbers("mean", "Mean", rows.map(({ mean }) => mean), 3),
      numbers("interval", "Interval", rows.map(({ interval }) => interval), 3),
    ],
  });
}

/** One row a role; `null` where nobody has one. */
function rolesTable(id: string, observations: readonly Observation[]): Table | null {
  const roles = countByRole(observations);
  if (roles.every(({ role }) => role === null)) return null;
  return tableOf({
    id,
    title: "Conduct by role",
    note:
      "Counts over all completed discussions. Turns of moderators are the slots in which they were asked.",
    columns: [
      texts("speaker", "Speaker", roles.map(({ by }) => by)),
      texts("role", "Role", roles.map(({ role }) => role ?? "none")),
      counts("turns", "Turns", roles.map(({ asked }) => asked)),
      counts("comments", "Comments", roles.map(({ comments }) => comments)),
      counts("silent_turns", "Silent turns", roles.map(({ asked, comments }) => asked - comments)),
      shares(
        "silent_share",
        "Share of turns",
        roles.map(({ asked, comments }) => share(asked - comments, asked, "nobody of the role had a turn")),
      ),
      counts("words", "Words", roles.map(({ words }) => words)),
      numbers(
        "words_per_comment",
        "Words of a comment",
        roles.map(({ words, comments }) => share(words, comments, "nobody of the role made a comment")),
      ),
    ],
  });
}

/** The words of all comments, one list a discussion. */
function wordsOf({ participantWords, moderatorWords }: ConductCounts): readonly (readonly number[])[] {
  return participantWords.map((words, discussion) => [...words, ...moderatorWords[discussion]!]);
}

function share(part: number, whole: number, none: string): number | Unavailable {
  return whole === 0 ? unavailable(none) : part / whole;
}
