/** Call-outs on limits of the results: damaged logs, missing discussions, unparsed and unusual replies. */
import { type Ends, replyWarnings } from "../../projections/mod.ts";
import type { Callout } from "../document.ts";
import { formatCell, formatCount, plural } from "../numbers.ts";
import type { RunFacts } from "../facts.ts";
import { capital, joined } from "../words.ts";
import { callout } from "../tables.ts";

/** If the shares in two conditions differ by at least this much, they are called uneven. */
const UNEVEN_MIN = 0.05;

/** The call-outs on problems of a run, the worst first. */
export function executionCallouts(run: RunFacts): readonly Callout[] {
  return [
    damagedLogs,
    notCompleted,
    notBegun,
    unreadJudgements,
    halfAnnotated,
    servedDifferently,
    silentSpeakers,
    oddReplies,
    shortenedReplies,
  ]
    .map((find) => find(run)).filter((found) => found !== null);
}

function damagedLogs({ status: { damaged, damagedCount } }: RunFacts): Callout | null {
  if (damagedCount === 0) return null;
  const rest = damagedCount - damaged.length;
  const more = rest > 0 ? ` And ${formatCount(rest)} more.` : "";
  return callout(
    "flag",
    `Damaged: ${plural(damagedCount, "log")}`,
    `Their discussions are left out of all outcomes. ${
      damaged.map(({ message }) => message).join(". ")
    }.${more}`,
  );
}

function notCompleted({ execution: { ends } }: RunFacts): Callout | null {
  const total = (of: (ends: Readonly<Ends>) => number) =>
    [...ends.values()].reduce((sum, one) => sum + of(one), 0);
  const aborted = total((one) => one.aborted);
  const unfinished = total((one) => one.unfinished);
  if (aborted + unfinished === 0) return null;
  const shares = [...ends].map(([condition, one]) => {
    const part = one.aborted + one.unfinished;
    return { condition, part, whole: part + one.completed + one.damaged };
  });
  return callout(
    "caution",
    `Not completed: ${plural(aborted + unfinished, "discussion")}`,
    `${counted([[aborted, "aborted"], [unfinished, "unfinished"]])}. ${spread(shares)}`,
  );
}

function unreadJudgements({ execution: { judgements } }: RunFacts): Callout | null {
  const found = [...judgements].flatMap(([pass, conditions]) => {
    const shares = [...conditions].map(([condition, { read, lost }]) => ({
      condition,
      part: lost,
      whole: read + lost,
    }));
    const lost = shares.reduce((sum, { part }) => sum + part, 0);
    const asked = shares.reduce((sum, { whole }) => sum + whole, 0);
    return lost === 0
      ? []
      : [`In pass ${pass}: ${formatCount(lost)} of ${formatCount(asked)} questions. ${spread(shares)}`];
  });
  if (found.length === 0) return null;
  return callout(
    "caution",
    "Unparsed: annotators' replies without a valid value",
    `Their values count as missing. ${found.join(" ")}`,
  );
}

function halfAnnotated({ execution: { judgements, ends } }: RunFacts): Callout | null {
  const completed = [...ends.values()].reduce((sum, one) => sum + one.completed, 0);
  const found = [...judgements].flatMap(([pass, conditions]) => {
    const annotated = [...conditions.values()].reduce((sum, one) => sum + one.completed, 0);
    return annotated < completed
      ? [
        `pass ${pass} is complete for ${formatCount(annotated)} of ${
          plural(completed, "completed discussion")
        }`,
      ]
      : [];
  });
  if (found.length === 0) return null;
  return callout(
    "caution",
    "Annotation is not complete",
    `${
      capital(joined(found))
    }. The missing annotations can be spread unevenly over conditions: see the table of annotations.`,
  );
}

/**
 * A caution if servers named other models. The log records a server's model only if it differs from the
 * requested one.
 */
function servedDifferently({ status: { models }, execution: { replies } }: RunFacts): Callout | null {
  const found = [...replies].flatMap(([model, { served }]) => {
    const named = served.values.reduce((sum, { count }) => sum + count, 0);
    const asAsked = (models.get(model)?.replies ?? 0) - named;
    if (named === 0 || (served.complete && served.values.length === 1 && asAsked === 0)) return [];
    const parts = served.values.map(({ value, count }) => `${plural(count, "reply", "replies")} by ${value}`);
    const rest = asAsked > 0 ? [`${formatCount(asAsked)} for which the server named no other model`] : [];
    return [`${model}: ${joined([...parts, ...rest])}`];
  });
  if (found.length === 0) return null;
  return callout("caution", "Servers may have run more than one version of a model", `${found.join(". ")}.`);
}

function oddReplies({ status: { replies } }: RunFacts): Callout | null {
  const found = replyWarnings(replies);
  if (found.length === 0) return null;
  return callout(
    "caution",
    "Unusual replies",
    `${found.join(". ")}. A turn whose reply was cut before any text does not count as silence.`,
  );
}

/** At most this many groups of silent speakers are named. */
const SILENT_SHOWN_MAX = 10;

function silentSpeakers({ execution: { silent } }: RunFacts): Callout | null {
  if (silent.length === 0) return null;
  const found = silent.slice(0, SILENT_SHOWN_MAX).map(({ kind, name, conditions }) => {
    const shares = [...conditions].filter(([, { silent }]) => silent > 0).map(([condition, counts]) =>
      shareText({ condition, part: counts.silent, whole: counts.speakers })
    );
    const who = kind === "role" ? `Participants with the role ${name}` : name;
    return `${who}${kind === "moderator" ? ", the moderator" : ""}: ${joined(shares)}.`;
  });
  const rest = silent.length - found.length;
  return callout(
    "caution",
    "Manipulated, but silent",
    `In some completed discussions, these speakers made no comment, although the experiment manipulates them. ${
      found.join(" ")
    }${rest > 0 ? ` And ${formatCount(rest)} more.` : ""}`,
  );
}

const NO_CUT_REPLIES = { cut: 0, cutWhileThinking: 0, refused: 0 } as const;

function shortenedReplies({ status, execution: { replies } }: RunFacts): Callout | null {
  const found = [...replies].flatMap(([model, { shortened }]) => {
    const { cut, cutWhileThinking, refused } = status.replies.get(model) ?? NO_CUT_REPLIES;
    const cutAtLimit = cut - cutWhileThinking;
    const counts = counted([
      [cutAtLimit, `${cutAtLimit === 1 ? "reply was" : "replies were"} cut at the limit of tokens`],
      [
        cutWhileThinking,
        `${cutWhileThinking === 1 ? "reply was" : "replies were"} cut while the model was still thinking`,
      ],
      [refused, refused === 1 ? "reply was withheld by the server" : "replies were withheld by the server"],
      [shortened, `${shortened === 1 ? "prompt was" : "prompts were"} sent without the oldest comments`],
    ]);
    return counts === "" ? [] : [`${model}: ${counts}`];
  });
  if (found.length === 0) return null;
  return callout("note", "Cut and withheld replies, shortened prompts", `${found.join(". ")}.`);
}

function notBegun({ planned, status: { begun } }: RunFacts): Callout | null {
  const rest = planned === null ? 0 : planned.discussions - begun;
  if (rest <= 0) return null;
  return callout(
    "caution",
    `Not begun: ${plural(rest, "discussion")}`,
    `Of ${formatCount(planned!.discussions)} planned discussions, ${
      formatCount(begun)
    } have begun. This report covers only these.`,
  );
}

/** The counts that are not 0, such as `2 aborted, 3 unfinished`. */
function counted(counts: readonly (readonly [number, string])[]): string {
  return counts.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`).join(
    ", ",
  );
}

type Share = Readonly<{ condition: string; part: number; whole: number }>;

/** Says whether shares differ much between conditions. */
function spread(all: readonly Share[]): string {
  const shares = all.filter(({ whole }) => whole > 0)
    .sort((a, b) => a.part / a.whole - b.part / b.whole || (a.condition < b.condition ? -1 : 1));
  const [least, most] = [shares[0], shares.at(-1)];
  if (least === undefined || most === undefined || shares.length === 1) return "";
  const range = `from ${shareText(least)} to ${shareText(most)}`;
  return most.part / most.whole - least.part / least.whole >= UNEVEN_MIN
    ? `They are spread unevenly over conditions, ${range}, so conditions can differ because of what is missing.`
    : `Their share differs by less than ${100 * UNEVEN_MIN} percentage points between conditions: ${range}.`;
}

function shareText({ condition, part, whole }: Share): string {
  const share = formatCell(part / whole, { kind: "share" });
  return `${formatCount(part)} of ${formatCount(whole)} (${share}) in ${condition}`;
}
