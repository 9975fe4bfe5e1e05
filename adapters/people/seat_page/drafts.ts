/** Drafts of comments. They survive a reload, and a restart of the browser or of the run. */

const PREFIX = "syndisco.draft.";

/** A text that was not sent yet. `pasted`: whether something was pasted into it. */
export type Draft = Readonly<{ text: string; pasted: boolean }>;

const EMPTY: Draft = { text: "", pasted: false };

/** The draft of an answer. @param question The question's id. */
export function readDraft(question: string): Draft {
  try {
    const { text, pasted } = JSON.parse(localStorage.getItem(PREFIX + question) ?? "{}");
    return typeof text === "string" ? { text, pasted: pasted === true } : EMPTY;
  } catch {
    return EMPTY;
  }
}

/** Keeps a draft; an empty one is removed. */
export function keepDraft(question: string, draft: Draft): void {
  try {
    if (draft.text === "") localStorage.removeItem(PREFIX + question);
    else localStorage.setItem(PREFIX + question, JSON.stringify(draft));
  } catch {
    // The browser stores nothing, so the draft lasts as long as the page.
  }
}
