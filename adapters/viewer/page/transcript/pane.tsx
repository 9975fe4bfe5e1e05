/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The details of one slot. The pane keeps its tab while the reader moves. */
import type { VNode } from "npm:preact@11.2.0";
import type { DiscussionSlots, Slot } from "../../../../analysis/projections/mod.ts";
import { visibleJson } from "../../../../analysis/report/visible_text.ts";
import type { Envelope } from "../../../../core/events/mod.ts";
import type { Content } from "../../api.ts";
import { KEY_TABLE } from "../base/key_table.ts";
import { count, time } from "../base/numbers.ts";
import { useShared } from "../base/page.ts";
import { Button, Empty, type Tab, Tabs } from "../base/parts.tsx";
import { Words } from "../base/words.tsx";
import { AnnotationsTab } from "./annotations_tab.tsx";
import { FailedRequests } from "./failed_requests.tsx";
import type { LiveLog } from "./live_log.ts";
import { cutWords, missingWords, partWords, silenceWords } from "./plain_words.ts";
import type { PaneName } from "./place.ts";
import { PromptTab } from "./prompt_tab.tsx";
import { LongText } from "./texts.tsx";
import { durationWords, timingOf } from "./timings.ts";

const KEYS = KEY_TABLE.transcript.keys;

type PaneProps = Readonly<{
  slot: Slot;
  content: DiscussionSlots;
  log: LiveLog;
  pane: PaneName;
  onPane: (pane: PaneName) => void;
  onClose: () => void;
  onCopy: (what: "link" | "text" | "citation") => void;
  /** What was copied just now; `null` for nothing. */
  copied: string | null;
  /** `null` if the discussion cannot be continued after the slot. */
  onBranch: (() => void) | null;
}>;

/** The details of one slot. */
export function Pane(props: PaneProps): VNode {
  const { slot, pane, onPane, onClose, onCopy, copied, onBranch } = props;
  const thoughts = slot.thoughts === undefined ? 0 : 1;
  const tabs: readonly (Tab & { id: PaneName })[] = [
    { id: "prompt", title: "Prompt", entry: KEYS.prompt },
    { id: "raw", title: "Raw reply", entry: KEYS.raw },
    { id: "thoughts", title: "Thoughts", entry: KEYS.thoughts, ...thoughts > 0 && { badge: thoughts } },
    {
      id: "annotations",
      title: "Annotations",
      entry: KEYS.annotations,
      ...slot.annotations.length > 0 && { badge: slot.annotations.length },
    },
    { id: "timing", title: "Timing" },
    { id: "json", title: "JSON" },
  ];
  return (
    <aside class="pane" aria-labelledby="pane-title">
      <header>
        <h2 id="pane-title">
          {slot.position + 1} <Words text={slot.author} />{" "}
          <span class="part">
            <Words text={partWords(slot)} />
          </span>
        </h2>
        <Button kind="quiet" label="Close the details" onPress={onClose}>✕</Button>
      </header>
      <p class="tools">
        <Button onPress={() => onCopy("link")} entry={KEYS.copy}>Copy link</Button>
        <Button onPress={() => onCopy("text")}>Copy text</Button>
        <Button onPress={() => onCopy("citation")} entry={KEYS.cite}>Copy citation</Button>
        {onBranch !== null && <Button onPress={onBranch} entry={KEYS.branch}>Branch from here</Button>}
        {copied !== null && <span class="done">Copied the {copied}.</span>}
      </p>
      <Tabs label="Details" tabs={tabs} chosen={pane} onChoose={(id) => onPane(id as PaneName)}>
        <Shown {...props} />
      </Tabs>
    </aside>
  );
}

/** Tab → the content that it shows, if an exported page can lack this content. */
const NEEDS: Readonly<Partial<Record<PaneName, Content>>> = {
  prompt: "prompts",
  raw: "raw",
  thoughts: "thoughts",
  annotations: "outcomes",
};

function Shown({ slot, content, log, pane }: PaneProps): VNode {
  const { runs } = useShared();
  const needed = NEEDS[pane];
  if (needed !== undefined && runs.some(({ leftOut }) => leftOut?.includes(needed))) {
    return <Empty title="This part was left out when the page was exported" />;
  }
  const event = log.eventOfSlot(slot.position)!;
  switch (pane) {
    case "prompt":
      return <PromptTab log={log} seq={event.seq} />;
    case "raw":
      return <Raw slot={slot} content={content} />;
    case "thoughts":
      return <Removed slot={slot} event={event} />;
    case "annotations":
      return <AnnotationsTab slot={slot} content={content} log={log} />;
    case "timing":
      return <TimingTab slot={slot} event={event} log={log} />;
    case "json":
      return (
        <pre class="json" tabIndex={0}><LongText text={visibleJson(JSON.stringify(event, null, 2))} /></pre>
      );
    default:
      return pane satisfies never;
  }
}

/** Whether a model was asked for the slot. */
function isAsked({ by }: Slot): boolean {
  return by === "participant" || by === "moderator";
}

function Raw({ slot, content }: Readonly<{ slot: Slot; content: DiscussionSlots }>): VNode {
  if (!isAsked(slot)) return <Empty title="The experiment file has this comment; no model was asked" />;
  if (slot.withheld !== undefined) return <Empty title={missingWords(slot, content.design.passWord)} />;
  const raw = slot.raw ?? slot.text ?? "";
  const cut = cutWords(slot.generation);
  return (
    <>
      <p class="under">
        {slot.raw === undefined
          ? "The reply is the comment, character by character."
          : slot.text === null
          ? `Read as silence: ${silenceWords(slot, content.design.passWord)}.`
          : "The comment differs from this reply: see what was removed under Thoughts."}
        {cut !== null && ` How it ended: ${cut}.`}
      </p>
      {raw === "" ? <Empty title="The reply has no characters" /> : <LongText text={raw} />}
    </>
  );
}

function Removed({ slot, event }: Readonly<{ slot: Slot; event: Envelope }>): VNode {
  const removed = "removed" in event.data ? event.data.removed ?? [] : [];
  if (slot.thoughts === undefined && removed.length === 0) {
    return <Empty title={isAsked(slot) ? "No thoughts, and nothing was removed" : "No model was asked"} />;
  }
  return (
    <>
      {slot.thoughts !== undefined && (
        <section>
          <h3>Thoughts</h3>
          <p class="under">They are kept in the log. No other speaker saw them.</p>
          <LongText text={slot.thoughts} />
        </section>
      )}
      {removed.length > 0 && (
        <section>
          <h3>Removed from the reply</h3>
          <ul class="removed">
            {removed.map((text, index) => (
              <li key={index}>
                <code>
                  <LongText text={text} />
                </code>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function TimingTab(
  { slot, event, log }: Readonly<{ slot: Slot; event: Envelope; log: LiveLog }>,
): VNode {
  const { attempts, latencyMs, waitedMs } = timingOf(slot.meta);
  const { generation } = slot;
  const facts: readonly (readonly [string, string | null])[] = [
    ["Recorded", time(event.at)],
    ["Last attempt took", latencyMs === null ? null : durationWords(latencyMs)],
    ["Waited between attempts", waitedMs === null ? null : durationWords(waitedMs)],
    ["Attempts", attempts === null ? null : count(attempts)],
    ["Model", generation?.model ?? null],
    ["Served by", generation?.servedBy ?? null],
    ["Tokens of the prompt", generation?.usage === undefined ? null : count(generation.usage.promptTokens)],
    [
      "Tokens of the reply",
      generation?.usage === undefined ? null : count(generation.usage.completionTokens),
    ],
    [
      "End of the reply",
      generation === undefined ? null : generation.finishReasonGiven ?? generation.finishReason,
    ],
    [
      "Comments left out of the prompt",
      generation?.commentsLeftOut === undefined ? null : count(generation.commentsLeftOut),
    ],
    ["Seed of the request", generation === undefined ? null : String(generation.seed)],
    ["Event", String(event.seq)],
    ["SHA-256 of the event", event.hash],
  ];
  return (
    <>
      <dl class="facts">
        {facts.map(([name, text]) =>
          text !== null && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <Words text={text} />
              </dd>
            </div>
          )
        )}
      </dl>
      <FailedRequests failures={log.failuresBefore(slot.position)} isAnswered />
    </>
  );
}
