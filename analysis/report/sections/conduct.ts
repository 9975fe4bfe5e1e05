/** The section on conduct: how the discussions were held. */
import type { AnalysisDesign } from "../../../core/experiment/analysis_design.ts";
import {
  bootstrapped,
  type ConductCounts,
  countByRole,
  countConduct,
  describe,
  type Grouping,
  groupings,
  type Observation,
} from "../../outcomes/mod.ts";
import type { Block, Section, Table } from "../document.ts";
import {
  bootstrapNote,
  completedBlock,
  completedOf,
  counts,
  descriptionColumns,
  numbers,
  shares,
  shown,
  TableIds,
  tableOf,
  texts,
} from "../tables.ts";
import { distributionFigure } from "./outcome_figures.ts";
import { RESAMPLES } from "../../statistics/cluster_bootstrap.ts";
import { type Unavailable, unavailable } from "../../statistics/unavailable.ts";
import { type Describing, divergencesFrom, groupColumn, titled } from "./outcome_tables.ts";

/** Describes how the discussions were held, by the levels of each analysed factor. */
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

const CUT_NOTE = " A turn or slot whose reply was cut before any text does not count as silence.";

/** How many turns were taken, how many were silent, and how often moderators spoke. */
function turnsTable(id: string, grouping: Grouping, held: readonly ConductCounts[]): Table {
  const of = (count: (counts: ConductCounts) => number) => held.map(count);
  const isCut = held.some(({ cutTurns, cutSlots }) => cutTurns + cutSlots > 0);
  const hasModerators = held.some(({ slots }) => slots > 0);
  return tableOf({
    id,
    title: titled("Turns, silence and interventions", grouping),
    note:
      "Counts over all discussions of a group. A moderator has a slot each time it is asked. Entries are opening " +
      `comments, turns and slots together, including silent ones.${isCut ? CUT_NOTE : ""}`,
    columns: [
      groupColumn(grouping, grouping.groups.map(({ name }) => name)),
      counts("discussions", "Discussions", of(({ discussions }) => discussions)),
      counts("entries", "Entries", of(({ openings, turns, slots }) => openings + turns + slots)),
      counts("openings", "Opening comments", of(({ openings }) => openings)),
      counts("turns", "Turns", of(({ turns }) => turns)),
      counts("comments", "Comments", of(({ comments }) => comments)),
      counts(
        "silent_turns",
        "Silent turns",
        of(({ turns, comments, cutTurns }) => turns - comments - cutTurns),
      ),
      shares(
        "silent_share",
        "Silent share",
        held.map(({ turns, comments, cutTurns }) =>
          share(turns - comments - cutTurns, turns - cutTurns, "there was no turn whose reply was not cut")
        ),
      ),
      ...isCut ? [counts("cut_turns", "Turns cut before any text", of(({ cutTurns }) => cutTurns))] : [],
      ...hasModerators
        ? [
          counts("moderator_slots", "Moderator slots", of(({ slots }) => slots)),
          counts("interventions", "Interventions", of(({ interventions }) => interventions)),
          counts(
            "abstentions",
            "Silent slots",
            of(({ slots, interventions, cutSlots }) => slots - interventions - cutSlots),
          ),
          ...isCut ? [counts("cut_slots", "Slots cut before any text", of(({ cutSlots }) => cutSlots))] : [],
          shares(
            "intervention_share",
            "Intervention share",
            held.map(({ interventions, slots }) => share(interventions, slots, "no moderator was asked")),
          ),
        ]
        : [],
    ],
  });
}

/** Who had a turn after whom. */
function followingTable(id: string, grouping: Grouping, held: readonly ConductCounts[]): Table {
  return tableOf({
    id,
    title: titled("Who speaks after whom", grouping),
    note:
      "Counts over all discussions of a group, including silent turns. The second-to-last speaker can come back when " +
      "two different participants had the two turns before. In a repeat, the last speaker speaks again.",
    columns: [
      groupColumn(grouping, grouping.groups.map(({ name }) => name)),
      counts("answerable", "Turns with a second-to-last speaker", held.map(({ answerable }) => answerable)),
      counts("answered", "Taken by them", held.map(({ answered }) => answered)),
      shares(
        "respond_share",
        "Respond share",
        held.map(({ answered, answerable }) =>
          share(answered, answerable, "at no turn could the second-to-last speaker come back")
        ),
      ),
      counts("repeated", "Immediate repeats", held.map(({ repeated }) => repeated)),
      shares(
        "repeat_share",
        "Repeat share",
        held.map(({ repeated, turns }) => share(repeated, turns, "there was no turn")),
      ),
    ],
  });
}

/** How long the comments of participants and of moderators are. */
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
    note: `Words are separated by white space. ${bootstrapNote(describing.level, RESAMPLES)}; SD is the ` +
      "standard deviation." +
      (grouping.reference === null
        ? ""
        : " Divergence is the Jensen-Shannon divergence in bits between the smoothed distribution of lengths and the " +
          `reference's (${grouping.reference}).`),
    columns: [
      texts("speakers", "Comments of", rows.map(({ speaker }) => speaker)),
      groupColumn(grouping, rows.map(({ group }) => group)),
      counts("comments", "Comments", descriptions.map(({ values }) => values)),
      ...descriptionColumns(descriptions, "comment"),
      ...grouping.reference === null ? [] : [numbers("divergence", "Divergence", divergences, 3)],
    ],
  });
}

/** One row a role; `null` without roles. */
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
      counts("silent_turns", "Silent turns", roles.map(({ asked, comments, cut }) => asked - comments - cut)),
      shares(
        "silent_share",
        "Silent share",
        roles.map(({ asked, comments, cut }) =>
          share(asked - comments - cut, asked - cut, "the role had no turn with a whole reply")
        ),
      ),
      counts("words", "Words", roles.map(({ words }) => words)),
      numbers(
        "words_per_comment",
        "Words of a comment",
        roles.map(({ words, comments }) => share(words, comments, "the role made no comment")),
      ),
    ],
  });
}

function share(part: number, whole: number, none: string): number | Unavailable {
  return whole === 0 ? unavailable(none) : part / whole;
}
