/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The dialogs of the page: instructions and help. */
import type { ComponentChildren, VNode } from "npm:preact@11.2.0";
import { useLayoutEffect, useRef, useState } from "npm:preact@11.2.0/hooks";
import { RATING_KEYS } from "./keys.ts";
import { keysAreOn, switchKeys } from "./stored.ts";

type DialogProps = Readonly<{ title: string; onClose: () => void; children: ComponentChildren }>;

/** A dialog. The browser keeps the focus inside of it, closes it with Escape, and then returns the focus. */
function Dialog({ title, onClose, children }: DialogProps): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    dialog.current?.showModal();
    dialog.current?.querySelector("button")?.focus();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby="dialog-title" onClose={onClose}>
      <h2 id="dialog-title">{title}</h2>
      {children}
      <p class="actions">
        <button type="button" class="button main" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </p>
    </dialog>
  );
}

/** What the researchers ask of raters. */
export function Instructions({ text, onClose }: Readonly<{ text: string; onClose: () => void }>): VNode {
  return (
    <Dialog title="Instructions" onClose={onClose}>
      <div class="lines instructions" dir="auto">{text}</div>
    </Dialog>
  );
}

/** The keys, and what happens to answers. */
export function Help(
  { cannotTell, onClose }: Readonly<
    { /** The key of "cannot tell". */ cannotTell: string; onClose: () => void }
  >,
): VNode {
  const [isOn, setIsOn] = useState(keysAreOn());
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl class="keys">
        {Object.entries(RATING_KEYS).map(([action, { shown, text }]) => (
          <div key={action}>
            <dt>
              <kbd>{action === "cannotTell" ? cannotTell : shown}</kbd>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <p>
        <label>
          <input
            type="checkbox"
            checked={isOn}
            onChange={({ currentTarget: { checked } }) => {
              switchKeys(checked);
              setIsOn(checked);
            }}
          />{" "}
          Single keys choose answers
        </label>
      </p>
      <p class="soft">
        Each rating is saved before the next comment appears. You can close the page at any time, and continue
        on another day with the same link.
      </p>
    </Dialog>
  );
}
