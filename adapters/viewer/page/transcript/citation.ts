/** Texts to copy: a comment, its citation, a whole discussion. */
import type { DiscussionSlots, Slot } from "../../../../analysis/projections/mod.ts";
import type { Envelope } from "../../../../core/events/mod.ts";
import { endWords, partWords, silenceWords } from "./plain_words.ts";

/** A slot as text: its number, its speaker and the words. */
export function slotText(slot: Slot, { design }: Pick<DiscussionSlots, "design">): string {
  const said = slot.text ?? `(${silenceWords(slot, design.passWord)})`;
  return `${slot.position + 1}. ${slot.author} (${partWords(slot)})\n${said}`;
}

/** The whole discussion as text. */
export function discussionText(content: DiscussionSlots): string {
  const { design, slots, ending } = content;
  return [
    `${design.id} (condition ${design.condition}, replicate ${design.replicate})`,
    ...slots.map((slot) => slotText(slot, content)),
    ...ending === null ? [] : [endWords(ending)],
  ].join("\n\n") + "\n";
}

/** The facts that a citation of a comment needs. */
export type Cited = Readonly<{
  /** The names of the run and the experiment. `head` is the hash of the last event of the run's log. */
  run: Readonly<{ name: string; experiment: string; head: string | null }>;
  slot: Slot;
  event: Pick<Envelope, "stream" | "seq" | "hash">;
}>;

/**
 * A citation of a comment: run, discussion, position, and the hashes that prove them. The hash of an event covers all
 * events before it.
 */
export function citation({ run: { name, experiment, head }, slot, event }: Cited): string {
  const what = slot.comment === null ? "silence" : "comment";
  const runName = name === experiment ? `run "${name}"` : `run "${name}" of the experiment "${experiment}"`;
  return `${slot.author}, ${what} ${slot.position + 1} of the discussion "${event.stream}", ${runName}. ` +
    `SynDisco log, event ${event.seq}, SHA-256 ${event.hash}` +
    (head === null ? "" : `; head of the run's log ${head}`);
}
