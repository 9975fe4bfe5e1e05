/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** Dialogs. The browser keeps the focus inside, closes them with Escape, and returns the focus. */
import type { ComponentChildren, VNode } from "npm:preact@11.2.0";
import { useEffect, useRef } from "npm:preact@11.2.0/hooks";
import { Button } from "./parts.tsx";

/** A dialog. It is open as long as it is drawn. */
export function Dialog(
  { title, onClose, children }: Readonly<{
    title: string;
    onClose: () => void;
    children: ComponentChildren;
  }>,
): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const { current } = dialog;
    current?.showModal();
    return () => current?.close();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby="dialog-title" onCancel={onClose} onClose={onClose}>
      <header>
        <h2 id="dialog-title">{title}</h2>
        <Button kind="quiet" label="Close" onPress={onClose}>✕</Button>
      </header>
      {children}
    </dialog>
  );
}
