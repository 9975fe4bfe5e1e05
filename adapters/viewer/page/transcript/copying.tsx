/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** Copies links, texts and citations. Where the browser refuses to copy, a dialog shows the text. */
import type { VNode } from "npm:preact@11.2.0";
import { useState } from "npm:preact@11.2.0/hooks";
import type { DiscussionSlots, Slot } from "../../../../analysis/projections/mod.ts";
import type { RunFacts } from "../../api.ts";
import { Dialog } from "../base/dialog.tsx";
import { useShared } from "../base/page.ts";
import { discussionRoute, formatRoute } from "../base/router.ts";
import { citation, discussionText, slotText } from "./citation.ts";
import type { LiveLog } from "./live_log.ts";

/** What can be copied of a comment. */
export type Copied = "link" | "text" | "citation";

/** Copies, and remembers a text that the browser refused to copy. */
export type Copying = Readonly<{
  copy: (what: Copied, slot: Slot) => void;
  /** Copies the text of the whole discussion. */
  all: () => void;
  /**
   * Copies any text.
   *
   * @param name What the text is, for the announcement.
   */
  text: (text: string, name: string) => Promise<void>;
  /** The last thing that was copied, for a short note; `null` for none. */
  done: string | null;
  /** The text that the browser refused to copy; `null` for none. */
  refused: string | null;
  /** Closes the dialog with this text. */
  close: () => void;
}>;

/** The name of the copied text of a whole discussion, for the announcement. */
export const WHOLE_TEXT = "transcript";

/** How long the note stays that something was copied, in milliseconds. */
const NOTE_MS = 2_500;

/** Copies texts of one discussion. */
export function useCopying(
  { facts, run, log, content }: Readonly<{
    facts: RunFacts | null;
    run: string;
    log: LiveLog;
    content: DiscussionSlots | null;
  }>,
): Copying {
  const { announce } = useShared();
  const [refused, setRefused] = useState<string | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const text = async (words: string, name: string) => {
    try {
      await navigator.clipboard.writeText(words);
    } catch {
      setRefused(words);
      return;
    }
    announce(`Copied the ${name}.`);
    setDone(name);
    setTimeout(() => setDone(null), NOTE_MS);
  };
  const copy = (what: Copied, slot: Slot) => {
    const event = log.eventOfSlot(slot.position);
    if (content === null || event === undefined) return;
    const { name, experiment, head } = facts ?? { name: run, experiment: run, head: null };
    const texts: Readonly<Record<Copied, () => string>> = {
      link: () => linkTo(run, event.stream, slot.position),
      text: () => slotText(slot, content),
      citation: () => citation({ run: { name, experiment, head }, slot, event }),
    };
    void text(texts[what](), what);
  };
  const all = () => content !== null && void text(discussionText(content), WHOLE_TEXT);
  return { copy, all, text, done, refused, close: () => setRefused(null) };
}

function linkTo(run: string, discussion: string, at: number): string {
  return location.href.split("#")[0] + formatRoute(discussionRoute(run, discussion, { at }));
}

/** Shows a text that the browser did not copy. */
export function CopyDialog({ text, onClose }: Readonly<{ text: string; onClose: () => void }>): VNode {
  return (
    <Dialog title="Copy this text" onClose={onClose}>
      <p>The browser does not let this page copy. Select the text and copy it.</p>
      <textarea
        class="to-copy"
        readOnly
        rows={8}
        value={text}
        aria-label="Text to copy"
        onFocus={(event) => event.currentTarget.select()}
      />
    </Dialog>
  );
}
