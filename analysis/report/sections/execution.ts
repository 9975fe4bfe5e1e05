/** The section on execution: how the discussions ended, requests, tokens and cost. */
import { costsOf, type ReplyFacts } from "../../projections/mod.ts";
import type { Block, Row, Section } from "../document.ts";
import { conditionsInOrder } from "../conditions.ts";
import type { RunFacts } from "../facts.ts";
import { formatCost, formatCount, formatDuration, plural } from "../numbers.ts";
import { named, namedValues, timeText } from "../words.ts";
import { executionCallouts } from "./execution_callouts.ts";
import { bounded, column, COUNT, ofEachRun, shown, type Suffix } from "../tables.ts";

const NONE_SERVED: ReplyFacts["served"] = { values: [], complete: true };

/** The section that says how the discussions ran. */
export function executionSection(runs: readonly RunFacts[]): Section {
  return {
    id: "execution",
    title: "Execution",
    blocks: ofEachRun(runs, blocksOf),
  };
}

function blocksOf(run: RunFacts, suffix: Suffix): readonly Block[] {
  return [
    ...executionCallouts(run),
    { kind: "facts", entries: factsOf(run).map(([term, value]) => ({ term, value })) },
    endTable(run, suffix),
    ...(run.status.models.size === 0 ? [] : [requestTable(run, suffix)]),
    ...(run.execution.judgements.size === 0 ? [] : [judgementTable(run, suffix)]),
  ];
}

function factsOf(
  { createdAt, versions, execution, status, planned }: RunFacts,
): readonly (readonly [string, string])[] {
  const { firstAt, lastAt, requests } = execution;
  const { answered, failed, attempts, retried, modelMs, waitedMs } = requests;
  const asked = answered + failed;
  const failures = [...status.failures].map(([kind, count]) => `${formatCount(count)} ${kind}`);
  return [
    ["Versions", Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", ")],
    ["Run folder created", timeText(createdAt)],
    // The events of imported discussions are as old as the import.
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
        ["Cost, by the prices last given", formatCost(cost, currency)] as const
      ),
    ] as const),
  ];
}

function endTable(run: RunFacts, suffix: Suffix): Block {
  const { design, execution, status, planned } = run;
  const isCut = [...status.conditions.values()].some(({ cutBeforeText }) => cutBeforeText > 0);
  const rows: Row[] = conditionsInOrder(run).map(({ condition: { label } }) => {
    const ends = execution.ends.get(label);
    const { completed = 0, stoppedEarly = 0, aborted = 0, unfinished = 0, damaged = 0 } = ends ?? {};
    const { turns = 0, silent = 0, cutBeforeText = 0, interventions = 0 } = status.conditions.get(label) ??
      {};
    const begun = completed + aborted + unfinished + damaged;
    const cells = [
      label,
      ...(planned === null ? [] : [Math.max(0, planned.replications - begun)]),
      ...[completed, stoppedEarly, aborted, unfinished, damaged, turns, silent],
      ...(isCut ? [cutBeforeText] : []),
      interventions,
    ];
    return damaged > 0
      ? { cells, tone: "flag" }
      : aborted + unfinished > 0
      ? { cells, tone: "caution" }
      : { cells };
  });
  return shown(
    bounded({
      id: `endings${suffix}`,
      title: "Discussions and turns",
      note:
        "Turns are counted over all discussions that began, as far as their logs can be read, and include silent " +
        "turns. Completed discussions include those that a rule ended early.",
      columns: [
        column("condition", "Condition"),
        ...(planned === null ? [] : [column("not_begun", "Not begun", COUNT)]),
        column("completed", "Completed", COUNT),
        column("stopped_early", "Ended early", COUNT),
        column("aborted", "Aborted", COUNT),
        column("unfinished", "Unfinished", COUNT),
        column("damaged", "Damaged", COUNT),
        column("turns", "Turns", COUNT),
        column("silent", "Silent turns", COUNT),
        ...(isCut ? [column("cut_before_text", "Turns cut before any text", COUNT)] : []),
        column("interventions", "Moderator's comments", COUNT),
      ],
      rows,
    }, design.conditions.complete),
  );
}

function requestTable({ status, execution }: RunFacts, suffix: Suffix): Block {
  const models = [...status.models].map(([name, asked]) => ({
    name,
    ...asked,
    ...status.replies.get(name) ?? { cut: 0, cutBeforeText: 0, refused: 0, withThoughts: 0 },
    ...execution.replies.get(name) ?? { shortened: 0, served: NONE_SERVED },
  }));
  const isCutBeforeText = models.some(({ cutBeforeText }) => cutBeforeText > 0);
  const isThinking = models.some(({ withThoughts }) => withThoughts > 0);
  const isPriced = models.some(({ cost }) => cost !== null);
  const isServed = models.some(({ served }) => served.values.length > 0);
  return shown(
    bounded({
      id: `requests${suffix}`,
      title: "Models",
      note: "Tokens are counted by the servers." +
        (isServed
          ? " Served by: the model that the server named, where it differs from the requested one."
          : ""),
      columns: [
        column("model", "Model"),
        column("replies", "Replies", COUNT),
        column("prompt_tokens", "Tokens of prompts", COUNT),
        column("reply_tokens", "Tokens of replies", COUNT),
        column("cut", "Cut at the limit", COUNT),
        ...(isCutBeforeText ? [column("cut_before_text", "Cut before any text", COUNT)] : []),
        column("withheld", "Withheld", COUNT),
        ...(isThinking ? [column("with_thoughts", "With thoughts", COUNT)] : []),
        column("shortened", "Prompts shortened", COUNT),
        ...(isPriced ? [column("cost", "Cost")] : []),
        ...(isServed ? [column("served", "Served by")] : []),
      ],
      rows: models.map((model) => ({
        cells: [
          model.name,
          ...[model.replies, model.promptTokens, model.completionTokens],
          ...[model.cut, ...(isCutBeforeText ? [model.cutBeforeText] : []), model.refused],
          ...[...(isThinking ? [model.withThoughts] : []), model.shortened],
          ...(isPriced ? [model.cost === null ? null : formatCost(model.cost, model.currency)] : []),
          ...(isServed ? [namedValues(model.served)] : []),
        ],
      })),
    }, true),
  );
}

function judgementTable(run: RunFacts, suffix: Suffix): Block {
  const inOrder = conditionsInOrder(run).map(({ condition: { label } }) => label);
  const rows: Row[] = [...run.execution.judgements].flatMap(([pass, conditions]) =>
    inOrder.flatMap((label) => {
      const annotated = conditions.get(label);
      if (annotated === undefined) return [];
      const { begun, completed, read, lost } = annotated;
      const cells = [
        pass,
        label,
        begun,
        completed,
        read,
        lost,
        read + lost === 0 ? null : lost / (read + lost),
      ];
      return [lost > 0 || completed < begun ? { cells, tone: "caution" } as const : { cells }];
    })
  );
  return shown(
    bounded({
      id: `judgements${suffix}`,
      title: "Annotations",
      note:
        "Counts of questions to annotators: one for all scales or one for each scale, as the pass asks. A question is " +
        "unparsed when none of its replies held a valid value.",
      columns: [
        column("pass", "Pass"),
        column("condition", "Condition"),
        column("begun", "Discussions begun", COUNT),
        column("completed", "Discussions completed", COUNT),
        column("read", "Parsed", COUNT),
        column("unread", "Unparsed", COUNT),
        column("unread_share", "Share unparsed", { kind: "share" }),
      ],
      rows,
    }, true),
  );
}
