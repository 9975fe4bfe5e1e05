/** The section on execution: how the discussions ended, requests, tokens and cost. */
import { costsOf, type Ends, type ReplyFacts } from "../../projections/mod.ts";
import type { Block, Section } from "../document.ts";
import { conditionsInOrder } from "../conditions.ts";
import type { RunFacts } from "../facts.ts";
import { formatCost, formatCount, formatDuration, plural } from "../numbers.ts";
import { sealedText, withdrawnText } from "../people_texts.ts";
import { named, namedValues, timeText } from "../words.ts";
import { executionCallouts } from "./execution_callouts.ts";
import { counts, type Field, limitedTable, ofEachRun, shares, type Suffix, texts } from "../tables.ts";

const NO_ENDS: Ends = { completed: 0, stoppedEarly: 0, aborted: 0, unfinished: 0, damaged: 0 };
const NONE_SERVED: ReplyFacts["served"] = { values: [], complete: true };

/** Describes how the discussions ran, for each run. */
export function executionSection(runs: readonly RunFacts[]): Section {
  return { id: "execution", title: "Execution", blocks: ofEachRun(runs, blocksOf) };
}

function blocksOf(run: RunFacts, suffix: Suffix): readonly Block[] {
  return [
    ...executionCallouts(run),
    { kind: "facts", entries: factsOf(run).map(([term, value]) => ({ term, value })) },
    endTable(run, suffix),
    ...unreadableTable(run, suffix),
    ...(run.status.models.size === 0 ? [] : [requestTable(run, suffix)]),
    ...(run.execution.judgements.size === 0 ? [] : [judgementTable(run, suffix)]),
  ];
}

function factsOf(
  { createdAt, versions, execution, status, planned, people }: RunFacts,
): readonly (readonly [string, string])[] {
  const { firstAt, lastAt, requests } = execution;
  const { answered, failed, attempts, retried, modelMs, waitedMs } = requests;
  const asked = answered + failed;
  const failures = [...status.failures].map(([kind, count]) => `${formatCount(count)} ${kind}`);
  return [
    ["Versions", Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", ")],
    ["Run folder created", timeText(createdAt)],
    ...(people === undefined ? [] : [["People", peopleText(people)]] as const),
    // The times of imported events are left out: they are times of the import, not of the discussions.
    ...(firstAt === null || lastAt === null || planned === null ? [] : [
      ["First event", timeText(firstAt)],
      ["Last event", timeText(lastAt)],
      ["Time between them, including pauses", formatDuration(Date.parse(lastAt) - Date.parse(firstAt))],
    ] as const),
    ...(asked === 0 ? [["Requests to models", "none"]] as const : [
      [
        "Requests to models",
        `${formatCount(asked)}: ${formatCount(answered)} answered, ${
          formatCount(failed)
        } failed after all attempts`,
      ],
      ["Attempts", `${formatCount(attempts)}; ${plural(retried, "request")} took more than one`],
      ["Model time, summed over requests", formatDuration(modelMs)],
      ...(waitedMs === 0 ? [] : [["Waited between attempts", formatDuration(waitedMs)]] as const),
      ["Failures", failures.length === 0 ? "none" : named(failures)],
      ...costsOf(status).map(({ cost, currency }) =>
        ["Cost at the latest prices", formatCost(cost, currency)] as const
      ),
    ] as const),
  ];
}

function peopleText({ agreed, withdrew }: NonNullable<RunFacts["people"]>): string {
  const missing = withdrew === 0 ? "" : "; what they said counts as missing";
  return `${formatCount(agreed)} agreed to take part, ${formatCount(withdrew)} withdrew${missing}`;
}

/** A table with the facts of the call-out, because some forms of the report have only the tables. */
function unreadableTable(run: RunFacts, suffix: Suffix): readonly Block[] {
  const { peopleWords } = run;
  if (peopleWords === undefined) return [];
  const kinds = [
    { why: "no key here", text: sealedText(run), ...peopleWords.sealed },
    { why: "withdrawn", text: withdrawnText(run), ...peopleWords.withdrawn },
  ].filter(({ texts }) => texts > 0);
  if (kinds.length === 0) return [];
  const note = `${
    kinds.map(({ text }) => text).join(". ")
  }. All of them count as missing. A rating is a text, too.`;
  return [limitedTable(
    { id: `unreadable${suffix}`, title: "Texts of people that cannot be read", note, complete: true },
    kinds,
    [
      texts("why", "Why", ({ why }) => why),
      counts("texts", "Texts", ({ texts }) => texts),
      counts("people", "People", ({ people }) => people),
    ],
    ({ why }) => why === "withdrawn" ? undefined : "caution",
  )];
}

function endTable(run: RunFacts, suffix: Suffix): Block {
  const { design, execution, status, planned } = run;
  const isCut = [...status.conditions.values()].some(({ cutBeforeText }) => cutBeforeText > 0);
  const rows = conditionsInOrder(run).map(({ condition: { label } }) => ({
    label,
    ...execution.ends.get(label) ?? NO_ENDS,
    turns: status.conditions.get(label),
  }));
  const note =
    "Turns are counted over all discussions that began, as far as their logs can be read, and include silent " +
    "turns. Completed discussions include those that a rule ended early.";
  const { complete } = design.conditions;
  return limitedTable(
    { id: `endings${suffix}`, title: "Discussions and turns", note, complete },
    rows,
    [
      texts("condition", "Condition", ({ label }) => label),
      ...(planned === null ? [] : [
        counts(
          "not_begun",
          "Not begun",
          ({ completed, aborted, unfinished, damaged }: Ends) =>
            Math.max(0, planned.replications - completed - aborted - unfinished - damaged),
        ),
      ]),
      counts("completed", "Completed", ({ completed }) => completed),
      counts("stopped_early", "Ended early", ({ stoppedEarly }) => stoppedEarly),
      counts("aborted", "Aborted", ({ aborted }) => aborted),
      counts("unfinished", "Unfinished", ({ unfinished }) => unfinished),
      counts("damaged", "Damaged", ({ damaged }) => damaged),
      counts("turns", "Turns", ({ turns }) => turns?.turns ?? 0),
      counts("silent", "Silent turns", ({ turns }) => turns?.silent ?? 0),
      ...(isCut
        ? [
          counts("cut_before_text", "Turns cut before any text", ({ turns }: typeof rows[number]) =>
            turns?.cutBeforeText ?? 0),
        ]
        : []),
      counts("interventions", "Moderator's comments", ({ turns }) => turns?.interventions ?? 0),
    ],
    ({ damaged, aborted, unfinished }) =>
      damaged > 0 ? "flag" : aborted + unfinished > 0 ? "caution" : undefined,
  );
}

function requestTable({ status, execution }: RunFacts, suffix: Suffix): Block {
  const models = [...status.models].map(([name, asked]) => ({
    name,
    ...asked,
    ...status.replies.get(name) ?? { cut: 0, cutBeforeText: 0, refused: 0, withThoughts: 0 },
    ...execution.replies.get(name) ?? { shortened: 0, served: NONE_SERVED },
  }));
  type Model = typeof models[number];
  const isServed = models.some(({ served }) => served.values.length > 0);
  // A column is left out if no model has a value for it.
  const where = (has: (model: Model) => boolean, field: Field<Model>) => models.some(has) ? [field] : [];
  const note = "Tokens are as the model adapters report them." +
    (isServed ? " Served by: the model that the server named, if that differs from the requested one." : "");
  return limitedTable({ id: `requests${suffix}`, title: "Models", note, complete: true }, models, [
    texts("model", "Model", ({ name }) => name),
    counts("replies", "Replies", ({ replies }) => replies),
    counts("prompt_tokens", "Tokens of prompts", ({ promptTokens }) => promptTokens),
    counts("reply_tokens", "Tokens of replies", ({ completionTokens }) => completionTokens),
    counts("cut", "Cut", ({ cut }) => cut),
    ...where(
      ({ cutBeforeText }) => cutBeforeText > 0,
      counts("cut_before_text", "Cut before any text", ({ cutBeforeText }) => cutBeforeText),
    ),
    counts("withheld", "Withheld", ({ refused }) => refused),
    ...where(
      ({ withThoughts }) => withThoughts > 0,
      counts("with_thoughts", "With thoughts", ({ withThoughts }) => withThoughts),
    ),
    counts("shortened", "Prompts shortened", ({ shortened }) => shortened),
    ...where(
      ({ cost }) => cost !== null,
      texts("cost", "Cost", ({ cost, currency }) => cost === null ? null : formatCost(cost, currency)),
    ),
    ...(isServed ? [texts("served", "Served by", ({ served }: Model) => namedValues(served))] : []),
  ]);
}

function judgementTable(run: RunFacts, suffix: Suffix): Block {
  const inOrder = conditionsInOrder(run).map(({ condition: { label } }) => label);
  const rows = [...run.execution.judgements].flatMap(([pass, conditions]) =>
    inOrder.flatMap((condition) => {
      const annotated = conditions.get(condition);
      return annotated === undefined ? [] : [{ pass, condition, ...annotated }];
    })
  );
  const note =
    "Counts of questions to annotators: one for all scales or one for each scale, as the pass asks. A question is " +
    "unparsed when none of its replies held a valid value.";
  return limitedTable(
    { id: `judgements${suffix}`, title: "Annotations", note, complete: true },
    rows,
    [
      texts("pass", "Pass", ({ pass }) => pass),
      texts("condition", "Condition", ({ condition }) => condition),
      counts("begun", "Discussions begun", ({ begun }) => begun),
      counts("completed", "Discussions completed", ({ completed }) => completed),
      counts("read", "Parsed", ({ read }) => read),
      counts("unread", "Unparsed", ({ lost }) => lost),
      shares(
        "unread_share",
        "Share unparsed",
        ({ read, lost }) => read + lost === 0 ? null : lost / (read + lost),
      ),
    ],
    ({ begun, completed, lost }) => lost > 0 || completed < begun ? "caution" : undefined,
  );
}
