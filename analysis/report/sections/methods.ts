/** The methods section: a short paragraph for a paper, and tables of facts for its reviewers. */
import { moderationSchedules, scheduleClause } from "../../../core/moderation/mod.ts";
import { speakerClause, turnTakingStrategies } from "../../../core/turn_taking/mod.ts";
import { type DrawName, DRAWS, drawWords, isShared } from "../../../core/experiment/matched.ts";
import { IMPORTED_RULE } from "../../../core/discussion/mod.ts";
import type { DistinctValues, Use } from "../../projections/mod.ts";
import type { RuleSpec } from "../../../core/events/mod.ts";
import { conditionsText, factorsOf, factorTexts } from "../conditions.ts";
import type { Section } from "../document.ts";
import type { AnalysisFacts, RunFacts } from "../facts.ts";
import { formatCount, plural } from "../numbers.ts";
import { type Fact, factsTable, ofEachRun, paragraph } from "../tables.ts";
import { capital, howMany, joined, lines, named, namedValues, quoted } from "../words.ts";
import { branchesOf, branchSentence } from "./branch_texts.ts";
import {
  interventionsIn,
  interventionsText,
  isAll,
  isDrawn,
  merged,
  templatesText,
} from "./design_tables.ts";
import { analysisFacts, analysisText, annotatedSentence, passesOf, passText } from "./methods_texts.ts";
import { participantsText, peopleSentences, playedBy, speakersWere } from "./people_and_models.ts";
import { personasText, rolesText } from "./participant_texts.ts";

const STRATEGIES = turnTakingStrategies();
const SCHEDULES = moderationSchedules();

/** At most this many annotation passes are described. The others are counted. */
const PASSES_MAX = 8;

/** Describes the methods of the runs. All facts come from the logs and manifests. */
export function methodsSection(runs: readonly RunFacts[], analysis: AnalysisFacts): Section {
  return {
    id: "methods",
    title: "Methods",
    blocks: [
      paragraph([...runs.map(runText), analysisText(runs, analysis)].join(" ")),
      ...ofEachRun(runs, (run, suffix) => [
        factsTable(`methods${suffix}`, "How the discussions were run", runFacts(run)),
      ]),
      factsTable("methods-analysis", "How the discussions were analysed", analysisFacts(runs, analysis)),
    ],
  };
}

/** Describes a run for a paper, in a few sentences. */
function runText(run: RunFacts): string {
  const { design, experiment, seed, versions } = run;
  const { imported, discussions } = design;
  const software = `SynDisco ${versions.syndisco ?? ""}`.trim();
  if (imported === null) {
    const source = [
      experiment === null ? "" : `experiment ${experiment.name}`,
      seed === null ? "" : `seed ${seed}`,
    ];
    const origin = source.filter((part) => part !== "").join(", ");
    const ran = `We ran ${plural(discussions, "discussion")} between ${
      participantsText(run)
    } with ${software}${origin === "" ? "" : ` (${origin})`}`;
    if (discussions === 0) return `${ran}.`;
    const branches = design.branches === null ? [] : [branchSentence(design.branches)];
    return [`${ran}${conditionsClause(run)}.`, ...branches, ...discussionSentences(run)].join(" ");
  }
  const files = `${howMany(imported.files, "file")} of the format ${namedValues(imported.formats)}`;
  return [
    `We imported ${plural(discussions, "discussion")} into ${software} from ${files}${
      conditionsClause(run)
    }.`,
    ...discussionSentences(run),
  ].join(" ");
}

function discussionSentences(run: RunFacts): readonly string[] {
  const { design } = run;
  const speakers = design.turnTaking.values.filter(({ value }) => value.setting.name !== IMPORTED_RULE.name);
  const [rule] = speakers;
  return [
    `Each discussion had ${counted(design.participants, "participant")} and ${
      counted(design.turns, "turn")
    }.`,
    ...speakers.length === 1 ? [`${capital(speakerText(rule!.value.setting))}.`] : [],
    ...speakers.length > 1 ? [`Discussions differed in how speakers were chosen.`] : [],
    moderatedSentence(run),
    ...speakersWere(run).map(([who, were]) => `${capital(who)} were ${were}.`),
    ...passesOf(run).slice(0, PASSES_MAX).map((pass) => annotatedSentence(pass, run)),
    ...peopleSentences(run),
  ];
}

function conditionsClause(run: RunFacts): string {
  const { planned, design } = run;
  const count = planned?.conditions ?? design.conditions.values.length;
  if (count < 2) return ", all in one condition";
  const factors = factorTexts(factorsOf([run]));
  return `, in ${plural(count, "condition")}${
    factors.length === 0 ? "" : ` that differ by ${joined(factors)}`
  }`;
}

function moderatedSentence({ design: { moderators, discussions } }: RunFacts): string {
  const without = moderators.values.find(({ value }) => value.setting === null)?.count ?? 0;
  return without === discussions
    ? "There was no moderator."
    : `A moderator took part in ${formatCount(discussions - without)} of them.`;
}

function runFacts(run: RunFacts): readonly Fact[] {
  const { design, experiment, seed, planned, sources, versions, matched } = run;
  const { imported, forked, branches, discussions } = design;
  return [
    ["Software", `SynDisco ${versions.syndisco ?? ""}`.trim()],
    ["Experiment", experiment?.name ?? ""],
    ["SHA-256 of the experiment file", experiment?.sha256 ?? ""],
    ["Seed", seed ?? ""],
    [
      "Planned",
      planned === null
        ? ""
        : `${plural(planned.discussions, "discussion")}: ${plural(planned.replications, "replicate")} of ${
          plural(planned.conditions, "condition")
        }`,
    ],
    [planned === null ? "Imported" : "Begun", plural(discussions, "discussion")],
    ["Format", imported === null ? "" : namedValues(imported.formats)],
    ["Files of discussions", imported === null ? "" : howMany(imported.files, "file")],
    ["Imported files", sources === null ? "" : plural(sources.files, "file")],
    ["SHA-256 of their contents", sources?.sha256 ?? ""],
    ["Forked from others", forked === 0 || branches !== null ? "" : plural(forked, "discussion")],
    ["Branches of", branches === null ? "" : branchesOf(branches)],
    ["Factors", named(factorTexts(factorsOf([run]))) || "none"],
    ["Conditions of a replicate", planned === null ? "" : matchedText(run)],
    [
      matched !== null && !isShared(matched, "vary")
        ? "Drawn for each discussion"
        : "Drawn for each replicate",
      named([...design.varied].map(([path, labels]) => `${path} (${namedValues(labels)})`)),
    ],
    ...(discussions === 0 ? [] : discussionFacts(run)),
  ];
}

/** What was drawn at random for the run's discussions. Branches draw less, because their past decides the rest. */
function drawsOf({ design: { branches } }: RunFacts): readonly DrawName[] {
  return branches === null ? DRAWS : ["speakers", "sampling"];
}

function matchedText(run: RunFacts): string {
  const { matched, design: { branches } } = run;
  if (matched === null) return "it is not known whether they share draws";
  const [shared, own] = [true, false].map((wanted) =>
    joined(drawWords(drawsOf(run).filter((draw) => isShared(matched, draw) === wanted)))
  );
  const parts = [
    ...shared === "" ? [] : [`they share the draws of ${shared}`],
    ...own === "" ? [] : [`each has its own draws of ${own}`],
  ];
  if (branches !== null) return `they continue the same discussion; ${parts.join("; ")}`;
  return `${matched === false ? "independent" : "matched"}: ${parts.join("; ")}`;
}

function discussionFacts(run: RunFacts): readonly Fact[] {
  const { design, drawnFrom } = run;
  const { turnTaking, moderators, history, passWords, imported } = design;
  const isKnown = imported === null;
  const moderated = moderators.values.flatMap(({ value, count }) => {
    const { setting } = value;
    if (setting === null || setting.schedule.name === IMPORTED_RULE.name) return [];
    const { schedule, instructions } = setting;
    const asked = scheduleClause(schedule, SCHEDULES.get(schedule.name));
    const where = whereUsed({ value, count }, moderators, run);
    return [`${where}asked ${asked}, with the instructions ${quoted(instructions)}`];
  });
  const openings = counted(design.openings, "opening comment");
  return [
    [
      "Participants",
      `${counted(design.participants, "participant")} in each discussion${depends(design.participants)}`,
    ],
    ["Personas", personasText(run)],
    ["Roles", rolesText(run)],
    [
      "Opening comments",
      design.branches !== null
        ? `${openings}, of the continued discussions`
        : drawnFrom === null || isAll(design.openings, 0)
        ? openings
        : `${openings}, drawn from ${joined(drawnFrom.openings.map(formatCount), "or")} openings`,
    ],
    ["Turns", `${counted(design.turns, "turn")}${depends(design.turns)}, silent ones included`],
    [
      "Scripted interventions",
      lines(
        interventionsIn(design).values.map((use) =>
          `${whereUsed(use, design.interventions, run)}${interventionsText(use.value.setting)}`
        ),
      ),
    ],
    [
      "Next speaker",
      lines(turnTaking.values.flatMap((use) => {
        const { setting } = use.value;
        return setting.name === IMPORTED_RULE.name
          ? []
          : [`${whereUsed(use, turnTaking, run)}${speakerText(setting)}`];
      })),
    ],
    [
      "Comments that a prompt shows",
      isKnown || !isAll(history, 0) ? `${choice(history, shownText)}${depends(history)}` : "",
    ],
    ["Words of prompts", isKnown ? wordsText(run) : ""],
    ["Replies that mean silence", isKnown ? choice(passWords, silenceText) : ""],
    ["Moderator", moderated.length > 0 ? lines(moderated) : moderatedSentence(run).replace(/\.$/, "")],
    ["Models", lines(playedBy(run).map(([who, by]) => `${who}: ${by}`))],
    ...passesOf(run).slice(0, PASSES_MAX).map((
      pass,
    ): Fact => [`Annotation ${pass.pass}`, passText(pass, run)]),
    [
      "Further annotation passes",
      passesOf(run).length > PASSES_MAX ? String(passesOf(run).length - PASSES_MAX) : "",
    ],
    [
      "Not known from the files",
      isKnown ? "" : joined([
        ...turnTaking.values.some(({ value }) => value.setting.name === IMPORTED_RULE.name)
          ? ["the rule by which speakers were chosen", "when a moderator was asked"]
          : [],
        "how replies were sampled",
      ]),
    ],
  ];
}

/** The template sets of the prompts, one on each line. */
function wordsText(run: RunFacts): string {
  const { prompts } = run.design;
  const values = merged(prompts, templatesText)
    .map(([setting, count, conditions]) => ({ value: { setting, conditions }, count }));
  return lines(values.map((use) => `${whereUsed(use, { ...prompts, values }, run)}${use.value.setting}`));
}

/** A clause that says how the next speaker is chosen. */
function speakerText(rule: RuleSpec): string {
  return speakerClause(rule, STRATEGIES.get(rule.name));
}

/**
 * The conditions that used a setting, or the number of discussions, in brackets. Empty if all discussions used
 * it.
 */
function whereUsed<T>(
  { value: { conditions }, count }: DistinctValues<Use<T>>["values"][number],
  { values }: DistinctValues<Use<T>>,
  { design }: RunFacts,
): string {
  const where = isDrawn(values.map(({ value }) => value.conditions))
    ? `${formatCount(count)} of ${plural(design.discussions, "discussion")}`
    : conditionsText(conditions, design);
  return where === "all" ? "" : `[${where}] `;
}

function choice<T>(
  { values, complete }: DistinctValues<Use<T>>,
  textOf: (value: T) => string = String,
): string {
  const settings = values.map(({ value }) => value.setting);
  if (settings.every((setting) => typeof setting === "number")) {
    settings.sort((a, b) => Number(a) - Number(b));
  }
  const texts = [...new Set(settings.map(textOf))];
  return complete ? joined(texts, "or") : named(texts, complete);
}

/** The distinct numbers as alternatives, such as `1 or 2 turns`. */
function counted(uses: DistinctValues<Use<number>>, noun: string): string {
  return `${choice(uses, formatCount)} ${isAll(uses, 1) ? noun : `${noun}s`}`;
}

/** Says that a setting depends on the condition. Empty if it was drawn at random within a condition. */
function depends({ values }: DistinctValues<Use<unknown>>): string {
  if (values.length < 2) return "";
  return isDrawn(values.map(({ value }) => value.conditions)) ? "" : ", depending on the condition";
}

function shownText(history: number | null): string {
  if (history === null) return "all comments so far";
  return history === 0
    ? "no earlier comment"
    : history === 1
    ? "the last comment"
    : `the last ${history} comments`;
}

function silenceText(word: string): string {
  return word === "" ? "an empty reply" : `an empty reply or ${word}`;
}
