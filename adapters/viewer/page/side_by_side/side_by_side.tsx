/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/**
 * Discussions in columns, aligned by turn: conditions of a replicate, replications of a condition, branch and
 * origin.
 */
import type { VNode } from "npm:preact@11.2.0";
import { useMemo } from "npm:preact@11.2.0/hooks";
import type { RunFacts, ViewerSource } from "../../api.ts";
import { useAnswer } from "../base/answer.ts";
import { type Beside, besideOf, besideRoute } from "../base/beside.ts";
import { KEY_TABLE } from "../base/key_table.ts";
import { useKeys } from "../base/keys.ts";
import { listRoute } from "../base/list_query.ts";
import { useLook } from "../base/look.tsx";
import { count } from "../base/numbers.ts";
import { type PageProps, useNotices, useShared } from "../base/page.ts";
import { Answered, Button, Empty, Link } from "../base/parts.tsx";
import type { Go } from "../base/router.ts";
import { useThrottled } from "../base/throttle.ts";
import { Words } from "../base/words.tsx";
import { type ChosenColumns, chosenColumns } from "./chosen_discussions.ts";
import { Columns } from "./columns.tsx";
import { useLogs } from "./use_logs.ts";

/** The shortest time between two questions for missing discussions, in milliseconds. */
const AGAIN_MS = 2_000;

const KEYS = KEY_TABLE.side_by_side.keys;

/**
 * Discussions side by side. If the address names none, these are the conditions of the first run's first
 * replicate.
 */
export function SideBySide({ source, route, go }: PageProps): VNode {
  const { runs } = useShared();
  const [first] = runs;
  const given = besideOf(route.query);
  const beside = given ??
    (first === undefined ? null : { kind: "replicate", run: first.name, replicate: 1 } as const);
  if (beside === null) {
    return (
      <>
        <h1>Side by side</h1>
        <Empty title="No run is open">
          <p>
            <Link to={listRoute()}>Go to the discussions</Link>
          </p>
        </Empty>
      </>
    );
  }
  const facts = beside.kind === "named" ? null : runs.find(({ name }) => name === beside.run) ?? null;
  return <Chosen source={source} go={go} beside={beside} facts={facts} />;
}

function Chosen(
  { source, go, beside, facts }: Readonly<{
    source: ViewerSource;
    go: Go;
    beside: Beside;
    facts: RunFacts | null;
  }>,
): VNode {
  const key = JSON.stringify([beside, facts?.conditions ?? []]);
  const answer = useAnswer(key, async () => ({ key, chosen: await chosenColumns(source, beside, facts) }));
  const again = useThrottled(answer.again, AGAIN_MS);
  const isMissing = answer.value?.chosen.columns.some(({ named }) => named === null) ?? false;
  useNotices(({ kind }) => {
    // A missing discussion can begin later, or its log can be read later. Before that, its condition is not
    // known.
    if (isMissing && kind !== "connection" && kind !== "progress") again();
  });
  const steps = stepsOf(beside, facts);
  const step = (to: Beside | null) => to !== null && go(besideRoute(to), { replace: true });
  useKeys("side_by_side", { next: () => step(steps.next), previous: () => step(steps.previous) });
  return (
    <div class="beside">
      <header class="beside-head">
        <h1>{titleOf(beside)}</h1>
        {beside.kind !== "named" && (
          <nav aria-label={beside.kind === "replicate" ? "Replicates" : "Conditions"}>
            <RunChoice beside={beside} onChoose={step} />
            <Button
              kind="quiet"
              label={beside.kind === "replicate" ? "Previous replicate" : "Previous condition"}
              disabled={steps.previous === null}
              onPress={() =>
                step(steps.previous)}
              entry={KEYS.previous}
            >
              ←
            </Button>
            <span class="soft">{steps.words}</span>
            <Button
              kind="quiet"
              label={beside.kind === "replicate" ? "Next replicate" : "Next condition"}
              disabled={steps.next === null}
              onPress={() => step(steps.next)}
              entry={KEYS.next}
            >
              →
            </Button>
          </nav>
        )}
      </header>
      <Answered answer={answer}>
        {({ key: answered, chosen }) =>
          answered === key
            ? <Read key={key} source={source} chosen={chosen} />
            : <p class="loading" role="status">Loading …</p>}
      </Answered>
    </div>
  );
}

/** The choice of the run; nothing if only one run is open. */
function RunChoice(
  { beside, onChoose }: Readonly<
    { beside: Exclude<Beside, { kind: "named" }>; onChoose: (beside: Beside) => void }
  >,
): VNode | null {
  const { runs } = useShared();
  if (runs.length < 2) return null;
  return (
    <label>
      <span>Run</span>{" "}
      <select
        value={beside.run}
        onChange={({ currentTarget: { value: run } }) => onChoose({ ...beside, run })}
      >
        {runs.map(({ name }) => <option key={name} value={name}>{name}</option>)}
      </select>
    </label>
  );
}

function Read(
  { source, chosen: { columns, of } }: Readonly<{ source: ViewerSource; chosen: ChosenColumns }>,
): VNode {
  const { runs } = useShared();
  const named = useMemo(() => columns.flatMap(({ named }) => named === null ? [] : [named]), [columns]);
  const logs = useLogs(source, named);
  const look = useLook(source);
  const names = useMemo(() => [...new Set(named.map(({ run }) => run))], [named]);
  const isLooked = look.isRecorded(names);
  const isAnnotated = logs.some(({ log }) => (log.content?.passes.size ?? 0) > 0);
  const run = runs.find(({ name }) => name === names[0]);
  if (named.length === 0) return <Empty title="There are no such discussions" />;
  return (
    <>
      {of > columns.length && (
        <p class="cut">
          {count(columns.length)} of {count(of)}{" "}
          columns are shown. Open the others from the list of discussions.
        </p>
      )}
      {isAnnotated && !isLooked && (
        <div class="before-values">
          <p>
            Values of annotators are left out, because side by side they show how conditions differ.
          </p>
          {!source.isExport && <Button onPress={() => look.ask(names, () => {})}>Show values …</Button>}
        </div>
      )}
      {look.dialog}
      <Columns
        hasValues={isLooked}
        labels={run?.factorLabels ?? {}}
        columns={columns.map(({ title, named }) => ({
          title,
          column: logs.find((log) => log.run === named?.run && log.discussion === named.discussion) ?? null,
          isMissing: named === null,
        }))}
      />
    </>
  );
}

function titleOf(beside: Beside): VNode | string {
  switch (beside.kind) {
    case "replicate":
      return `Conditions of replicate ${beside.replicate}`;
    case "condition":
      return (
        <>
          Replications of <Words text={beside.condition} />
        </>
      );
    case "named":
      return "Discussions side by side";
    default:
      return beside satisfies never;
  }
}

/** The previous and the next view, and the place of this view in words, such as `2 of 5`. */
function stepsOf(
  beside: Beside,
  facts: RunFacts | null,
): Readonly<{ previous: Beside | null; next: Beside | null; words: string }> {
  if (beside.kind === "named" || facts === null) return { previous: null, next: null, words: "" };
  if (beside.kind === "replicate") {
    const { replicate } = beside;
    const of = facts.plan.replications;
    return {
      previous: replicate > 1 ? { ...beside, replicate: replicate - 1 } : null,
      next: replicate < of ? { ...beside, replicate: replicate + 1 } : null,
      words: `${count(replicate)} of ${count(of)}`,
    };
  }
  const index = facts.conditions.indexOf(beside.condition);
  const at = (to: number) => {
    const condition = facts.conditions[to];
    return index === -1 || condition === undefined ? null : { ...beside, condition };
  };
  const words = index === -1 ? "" : `${count(index + 1)} of ${count(facts.conditions.length)}`;
  return { previous: at(index - 1), next: at(index + 1), words };
}
