/** The keys of the page: the handler and the help read this table. */

/** What a key does, by the name of the action. */
export const RATING_KEYS = {
  choose: {
    keys: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
    shown: "a digit",
    text: "Choose the answer with this digit",
  },
  cannotTell: { keys: ["x"], shown: "x", text: "Cannot tell" },
  next: { keys: ["Enter"], shown: "Enter", text: "Save and go to the next comment" },
  back: { keys: ["Backspace"], shown: "Backspace", text: "Go back, to correct an answer" },
  instructions: { keys: ["i"], shown: "i", text: "Read the instructions" },
  help: { keys: ["?"], shown: "?", text: "Show this help" },
  leaveField: { keys: ["Escape"], shown: "Esc", text: "Leave a field, so that keys work again" },
} as const;

/** The name of an action. */
export type RatingAction = keyof typeof RATING_KEYS;

/** The action of a key that was pressed; `null` if the key belongs to the browser or to a field. */
export function actionOf(event: KeyboardEvent, keysAreOn: boolean): RatingAction | null {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) {
    return null;
  }
  if (document.querySelector("dialog[open]") !== null) return null;
  const [action] =
    Object.entries(RATING_KEYS).find(([, { keys }]) => (keys as readonly string[]).includes(event.key)) ??
      [null];
  const target = event.target instanceof HTMLElement ? event.target : null;
  if (isField(target)) {
    const isNext = action === "next" && !event.shiftKey;
    return isNext || action === "leaveField" ? action as RatingAction : null;
  }
  if (action === "next" && target?.closest("a, button, summary") != null) return null;
  if (!keysAreOn && [...event.key].length === 1) return null;
  return action as RatingAction | null;
}

/** Whether an element takes keys as text. A radio button does not take any key that this page needs. */
function isField(target: HTMLElement | null): boolean {
  return target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLInputElement && target.type === "text");
}
