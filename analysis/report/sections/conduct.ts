/** The section on conduct: turns, silence, interventions, the order of speakers, and lengths of comments. */
import {
  type AnalysisDesign,
  type WhoseComments,
  whoseComments,
} from "../../../core/experiment/analysis_design.ts";
import {
  bootstrapped,
  completedOf,
  type ConductCounts,
  countByRole,
  countConduct,
  describe,
  type Describing,
  type Grouping,
  groupings,
  type Observation,
} from "../../outcomes/mod.ts";
import { countedNote } from "../analysis_texts.ts";
import type { Block, Section, Table } from "../document.ts";
import {
  bootstrapNote,
  completedBlock,
  counts,
  descriptionFields,
  type Field,
  numbers,
  shares,
  shown,
  TableIds,
  tableOf,
  texts,
} from "../tables.ts";
import { lengthsFigure } from "./outcome_figures.ts";
import { type Unavailable, unavailable } from "../../statistics/unavailable.ts";
import { divergencesFrom, groupColumn, titled } from "./outcome_tables.ts";

/** Describes the conduct of the discussions at the levels of each analysed factor. */
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
      const held = grouping.groups.map(({ name, members }): Held => ({
        group: name,
        ...countConduct(members.map((member) => completed[member]!)),
      }));
      blocks.push(
        shown(turnsTable(idOf("turns"), grouping, held)),
        shown(followingTable(idOf("following"), grouping, held)),
        shown(wordsTable(idOf("words"), grouping, held, describing)),
      );
      if (place > 0) continue;
      const whose = whoseComments(analysis, ["words"]);
      const samples = held.map((group) => ({ name: group.group, values: wordsOf(group, whose).flat() }));
      const counted = countedNote([{
        name: "words",
        unit: "discussion",
        comments: whose,
        silences: "exclude",
      }]);
      const figure = lengthsFigure(ids.next("lengths"), { samples, counted }, grouping);
      if (figure !== null) blocks.push(figure);
    }
    const roles = rolesTable(ids.next("roles"), completed);
    if (roles !== null) blocks.push(shown(roles));
  }
  return { id: "conduct", title: "Conduct", blocks };
}

/** The lengths of the counted comments, in words: one list for each discussion. */
function wordsOf(
  { participantWords, moderatorWords }: ConductCounts,
  whose: WhoseComments,
): readonly (readonly number[])[] {
  if (whose === "participants") return participantWords;
  if (whose === "moderators") return moderatorWords;
  return participantWords.map((words, discussion) => [...words, ...moderatorWords[discussion]!]);
}

const CUT_NOTE = " A turn or slot whose reply was cut before any text does not count as silence.";

/** A group, and the counts of its discussions. */
type Held = ConductCounts & Readonly<{ group: string }>;

/** The table of turns: how many there were, how many were silent, and how often moderators made a comment. */
function turnsTable(id: string, grouping: Grouping, held: readonly Held[]): Table {
  const isScripted = held.some(({ scripted }) => scripted > 0);
  const isCut = held.some(({ cutTurns, cutSlots }) => cutTurns + cutSlots > 0);
  const hasModerators = held.some(({ slots }) => slots > 0);
  const moderated: readonly Field<Held>[] = [
    counts("moderator_slots", "Moderator slots", ({ slots }) => slots),
    counts("interventions", "Interventions", ({ interventions }) => interventions),
    counts(
      "abstentions",
      "Silent slots",
      ({ slots, interventions, cutSlots }) => slots - interventions - cutSlots,
    ),
    ...isCut ? [counts("cut_slots", "Slots cut before any text", ({ cutSlots }: Held) => cutSlots)] : [],
    shares(
      "intervention_share",
      "Intervention share",
      ({ interventions, slots }) => share(interventions, slots, "no moderator was asked"),
    ),
  ];
  const note =
    "Counts over all discussions of a group. Turns, comments and silent turns count participants only. A moderator has a slot each time it is asked. Entries are opening " +
    `comments, ${
      isScripted ? "scripted interventions, " : ""
    }turns and slots together, including silent ones.${isCut ? CUT_NOTE : ""}`;
  return tableOf({ id, title: titled("Turns, silence and interventions", grouping), note }, held, [
    groupColumn(grouping),
    counts("discussions", "Discussions", ({ discussions }) => discussions),
    counts(
      "entries",
      "Entries",
      ({ openings, scripted, turns, slots }) => openings + scripted + turns + slots,
    ),
    counts("openings", "Opening comments", ({ openings }) => openings),
    ...isScripted ? [counts("scripted", "Scripted interventions", ({ scripted }: Held) => scripted)] : [],
    counts("turns", "Turns", ({ turns }) => turns),
    counts("comments", "Comments", ({ comments }) => comments),
    counts("silent_turns", "Silent turns", ({ turns, comments, cutTurns }) => turns - comments - cutTurns),
    shares(
      "silent_share",
      "Silent share",
      ({ turns, comments, cutTurns }) =>
        share(
          turns - comments - cutTurns,
          turns - cutTurns,
          "there was no turn, or every reply was cut before any text",
        ),
    ),
    ...isCut ? [counts("cut_turns", "Turns cut before any text", ({ cutTurns }: Held) => cutTurns)] : [],
    ...hasModerators ? moderated : [],
  ]);
}

/** The table of how often the second-to-last speaker, or the last speaker, had the next turn. */
function followingTable(id: string, grouping: Grouping, held: readonly Held[]): Table {
  const note =
    "Counts over all discussions of a group, including silent turns. The second-to-last speaker can come back when " +
    "two different participants had the two turns before. In a repeat, the last speaker speaks again.";
  return tableOf({ id, title: titled("Who speaks after whom", grouping), note }, held, [
    groupColumn(grouping),
    counts("answerable", "Turns with a second-to-last speaker", ({ answerable }) => answerable),
    counts("answered", "Taken by that speaker", ({ answered }) => answered),
    shares(
      "respond_share",
      "Respond share",
      ({ answered, answerable }) =>
        share(answered, answerable, "the second-to-last speaker could not come back at any turn"),
    ),
    counts("repeated", "Immediate repeats", ({ repeated }) => repeated),
    shares(
      "repeat_share",
      "Repeat share",
      ({ repeated, turns }) => share(repeated, turns, "there was no turn"),
    ),
  ]);
}

/** The table of how long the comments of participants and of moderators are. */
function wordsTable(id: string, grouping: Grouping, held: readonly Held[], describing: Describing): Table {
  const hasModerators = held.some(({ moderatorWords }) => moderatorWords.some((list) => list.length > 0));
  const speakers = [
    { speakers: "participants", of: held.map(({ participantWords }) => participantWords) },
    ...hasModerators
      ? [{ speakers: "moderators", of: held.map(({ moderatorWords }) => moderatorWords) }]
      : [],
  ];
  const { reference } = grouping;
  const rows = speakers.flatMap(({ speakers, of }) => {
    const lengths = held.map(({ group }, at) => ({ name: group, values: of[at]!.flat() }));
    const far = reference === null ? [] : divergencesFrom(lengths, reference);
    return held.map(({ group }, at) => ({
      speakers,
      group,
      ...describe(of[at]!, bootstrapped(describing)),
      divergence: far[at] ?? null,
    }));
  });
  const note = `Words are separated by white space. ${bootstrapNote(describing.level, rows)}; SD is the ` +
    "standard deviation." +
    (reference === null
      ? ""
      : " Divergence is the Jensen-Shannon divergence in bits between the smoothed distribution of lengths and the " +
        `reference's (${reference}).`);
  return tableOf({ id, title: titled("Words of a comment", grouping), note }, rows, [
    texts("speakers", "Comments of", ({ speakers }) => speakers),
    groupColumn(grouping),
    counts("comments", "Comments", ({ values }) => values),
    ...descriptionFields(rows, "comment"),
    ...reference === null
      ? []
      : [numbers("divergence", "Divergence", ({ divergence }: typeof rows[number]) => divergence, 3)],
  ]);
}

/** The table of conduct by role; `null` if there are no roles. */
function rolesTable(id: string, observations: readonly Observation[]): Table | null {
  const roles = countByRole(observations);
  if (roles.every(({ role }) => role === null)) return null;
  const note =
    "Counts over all completed discussions. Turns of moderators are the slots in which they were asked.";
  return tableOf({ id, title: "Conduct by role", note }, roles, [
    texts("speaker", "Speaker", ({ by }) => by),
    texts("role", "Role", ({ role }) => role ?? "none"),
    counts("turns", "Turns", ({ asked }) => asked),
    counts("comments", "Comments", ({ comments }) => comments),
    counts("silent_turns", "Silent turns", ({ asked, comments, cut }) => asked - comments - cut),
    shares(
      "silent_share",
      "Silent share",
      ({ asked, comments, cut }) =>
        share(
          asked - comments - cut,
          asked - cut,
          "the role had no turn, or every reply was cut before any text",
        ),
    ),
    counts("words", "Words", ({ words }) => words),
    numbers(
      "words_per_comment",
      "Words of a comment",
      ({ words, comments }) => share(words, comments, "the role made no comment"),
    ),
  ]);
}

function share(part: number, whole: number, none: string): number | Unavailable {
  return whole === 0 ? unavailable(none) : part / whole;
}
