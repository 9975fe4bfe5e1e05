/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The head of a discussion: its name, its place in the run, its state, and what can be done with it. */
import type { ComponentChildren, VNode } from "npm:preact@11.2.0";
import type { DiscussionSlots } from "../../../../analysis/projections/mod.ts";
import type { RunFacts, ViewerSource } from "../../api.ts";
import { besideRoute } from "../base/beside.ts";
import { KEY_TABLE } from "../base/key_table.ts";
import { listOf, listRoute } from "../base/list_query.ts";
import { WholeName } from "../base/names.tsx";
import { count, counted, timeSpan } from "../base/numbers.ts";
import { useShared } from "../base/page.ts";
import { Button, Link } from "../base/parts.tsx";
import type { Route } from "../base/router.ts";
import { Words } from "../base/words.tsx";
import { type Copying, WHOLE_TEXT } from "./copying.tsx";
import { DesignHeader } from "./design_header.tsx";
import { Lineage } from "./lineage.tsx";
import { endWords } from "./plain_words.ts";
import type { Neighbours } from "./use_neighbours.ts";

const KEYS = KEY_TABLE.transcript.keys;

/** The head. */
export function DiscussionHead(
  { source, route, content, facts, neighbours, copying, hasPane, classOf, loading, onPrint, children }:
    Readonly<{
      source: ViewerSource;
      route: Route;
      content: DiscussionSlots;
      facts: RunFacts | null;
      neighbours: Neighbours;
      copying: Copying;
      /**
       * Whether the details of a comment are open. Then the details, and not the head, say what was copied
       * from the comment.
       */
      hasPane: boolean;
      classOf: (author: string) => string;
      /** How much of the log was read, in words; `null` after the whole log was read. */
      loading: string | null;
      onPrint: () => void;
      children: ComponentChildren;
    }>,
): VNode {
  const [, run = "", discussion = ""] = route.path;
  const { runs } = useShared();
  const { design } = content;
  const hint = neighbours.isByName
    ? "In the order of run and name: the list's order would show an outcome, and no look was recorded"
    : undefined;
  return (
    <header class="discussion-head">
      <h1>
        <WholeName discussion={discussion} />
      </h1>
      <p class="state">
        {runs.length > 1 && (
          <span>
            Run{" "}
            <Link to={listRoute({ run: [run] })}>
              <Words text={run} />
            </Link>
          </span>
        )}
        <span>
          Condition{" "}
          <Link to={listRoute({ run: [run], condition: [design.condition] })}>
            <Words text={design.condition} />
          </Link>
        </span>
        <span>replicate {count(design.replicate)}</span>
        <span>
          <Words text={loading ?? stateWords(content, facts)} />
        </span>
        {content.firstAt !== undefined && <span>{timeSpan(content.firstAt, content.lastAt ?? null)}</span>}
      </p>
      <Lineage {...{ source, run, discussion, content }} />
      <nav class="neighbours" aria-label="Discussions of the list">
        <Link to={listOf(route)}>List</Link>
        {neighbours.place !== null && <span class="soft">{neighbours.place}</span>}
        <Button
          kind="quiet"
          label="Previous discussion of the list"
          hint={hint}
          disabled={neighbours.previous === null}
          onPress={() => neighbours.previous?.()}
          entry={KEYS.previousDiscussion}
        >
          ←
        </Button>
        <Button
          kind="quiet"
          label="Next discussion of the list"
          hint={hint}
          disabled={neighbours.next === null}
          onPress={() => neighbours.next?.()}
          entry={KEYS.nextDiscussion}
        >
          →
        </Button>
      </nav>
      <DesignHeader design={design} labels={facts?.factorLabels ?? {}} classOf={classOf} />
      <div class="tools">
        {children}
        <Link
          className="button"
          to={besideRoute({ kind: "replicate", run, replicate: design.replicate })}
          entry={KEYS.beside}
        >
          Compare conditions
        </Link>
        <Link className="button" to={besideRoute({ kind: "condition", run, condition: design.condition })}>
          Compare replications
        </Link>
        <Button onPress={copying.all}>Copy text</Button>
        <Button onPress={onPrint}>Print</Button>
        {copying.done !== null && !(hasPane && copying.done !== WHOLE_TEXT) && (
          <span class="done">Copied the {copying.done}.</span>
        )}
      </div>
    </header>
  );
}

function stateWords(
  { ending, slots, design, endsInFailure }: DiscussionSlots,
  facts: RunFacts | null,
): string {
  const taken = slots.filter(({ by }) => by === "participant").length;
  const turns = `${count(taken)} of ${counted(design.turns, "turn")}`;
  if (ending?.end === "completed" && ending.reason === "turns") {
    return `completed: all ${counted(design.turns, "turn")}`;
  }
  if (ending !== null) return `${endWords(ending)} (${turns})`;
  if (endsInFailure) return `not ended: the last request failed (${turns})`;
  return `${facts?.holders.length === 0 ? "half-finished" : "running"}: ${turns}`;
}
