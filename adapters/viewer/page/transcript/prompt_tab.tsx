/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The exact prompt of an event: what is new since the speaker's last prompt, and the whole prompt. */
import type { VNode } from "npm:preact@11.2.0";
import { useMemo, useState } from "npm:preact@11.2.0/hooks";
import type { ChangedLine } from "../../../../analysis/texts/changed_lines.ts";
import { useAnswer } from "../base/answer.ts";
import { count } from "../base/numbers.ts";
import { Answered, Button, Empty } from "../base/parts.tsx";
import { Words } from "../base/words.tsx";
import type { LiveLog } from "./live_log.ts";
import { changesOf, foldedChanges, promptOf, type PromptView } from "./prompts.ts";
import { LongText } from "./texts.tsx";

/**
 * Two prompts with more characters than this together are not compared, because the comparison would take too
 * long.
 */
const COMPARED_CHARS_MAX = 400_000;

const CHECKS = {
  same: "SHA-256 as in the log: this is the prompt that was sent.",
  different: "SHA-256 differs from the log: this is not the prompt that was sent.",
  "not-logged": "The log has no SHA-256 to compare with.",
} as const;

/** The prompt that an event answers. */
export function PromptTab({ log, seq }: Readonly<{ log: LiveLog; seq: number }>): VNode {
  // The hash is the key, because the same event number in another discussion has another hash.
  const answer = useAnswer(
    log.events[seq]!.hash,
    async () => ({ view: await promptOf(log.events, seq), seq }),
  );
  return (
    <Answered answer={answer}>
      {({ view, seq: answered }) =>
        answered !== seq
          ? <p class="loading">Loading …</p>
          : view === null
          ? <Empty title="The experiment file has this comment; no model was asked" />
          : <Prompt view={view} />}
    </Answered>
  );
}

function Prompt({ view }: Readonly<{ view: PromptView }>): VNode {
  const { request: { prompt, model }, last } = view;
  const [isWhole, setWhole] = useState(false);
  const changes = useMemo(() => sizeOf(view) > COMPARED_CHARS_MAX ? null : changesOf(view), [view]);
  if ("unknown" in prompt) return <Empty title={`The prompt is not known: ${prompt.unknown}`} />;
  const showsWhole = isWhole || changes === null;
  return (
    <>
      <p class={prompt.check === "different" ? "check flagged" : "check"}>
        {model !== null && (
          <>
            To the model <Words text={model} />.{" "}
          </>
        )}
        {CHECKS[prompt.check]}
      </p>
      {changes !== null && (
        <p class="tools">
          <Button pressed={!isWhole} onPress={() => setWhole(false)}>New since the last prompt</Button>
          <Button pressed={isWhole} onPress={() => setWhole(true)}>Whole prompt</Button>
        </p>
      )}
      {changes === null && (
        <p class="under">
          {last === null
            ? "There is no earlier prompt of this speaker to compare with."
            : "The prompt is too long to be compared with the last one."}
        </p>
      )}
      {showsWhole
        ? prompt.messages.map(({ role, content }, index) => (
          <section key={index} class="message">
            <h3>{role}</h3>
            <LongText text={content} />
          </section>
        ))
        : <Changes lines={changes} />}
    </>
  );
}

function sizeOf({ request, last }: PromptView): number {
  return [request.prompt, last?.prompt].reduce(
    (sum, prompt) =>
      prompt === undefined || "unknown" in prompt
        ? sum
        : sum + prompt.messages.reduce((length, { content }) => length + content.length, 0),
    0,
  );
}

function Changes({ lines }: Readonly<{ lines: readonly ChangedLine[] }>): VNode {
  const blocks = useMemo(() => foldedChanges(lines), [lines]);
  const isSame = blocks.every(({ isFolded }) => isFolded);
  return (
    <div class="changes">
      {isSame && <p class="under">The prompt is the same as the last one.</p>}
      {blocks.map(({ isFolded, lines }, index) =>
        isFolded
          ? (
            <details key={index}>
              <summary>{lines.length === 1 ? "1 equal line" : `${count(lines.length)} equal lines`}</summary>
              {lines.map((line, at) => <Line key={at} line={line} />)}
            </details>
          )
          : lines.map((line, at) => <Line key={`${index}/${at}`} line={line} />)
      )}
    </div>
  );
}

const SIGNS = { same: " ", removed: "−", added: "+" } as const;
const SPOKEN = { same: "", removed: "removed: ", added: "new: " } as const;

function Line({ line: { change, parts } }: Readonly<{ line: ChangedLine }>): VNode {
  return (
    <div class={`line ${change}`}>
      <span class="sign" aria-hidden="true">{SIGNS[change]}</span>
      <span class="aside">{SPOKEN[change]}</span>
      <span class="text" dir="auto">
        {parts.map(({ text, isChanged }, index) =>
          isChanged
            ? (
              <strong key={index}>
                <Words text={text} />
              </strong>
            )
            : <Words key={index} text={text} />
        )}
      </span>
    </div>
  );
}
