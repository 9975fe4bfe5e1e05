/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** What people read about the connection of their page. */
import type { VNode } from "npm:preact@11.2.0";
import type { Connection } from "./follow.ts";

const WORDS: Readonly<Record<Connection["kind"], string>> = {
  open: "connected",
  opening: "connecting…",
  lost: "no connection",
  refused: "not connected",
};

/** Whether the page is connected, in few words. */
export function ConnectionMark({ connection: { kind } }: Readonly<{ connection: Connection }>): VNode {
  return <span class={`connection ${kind}`} role="status">{WORDS[kind]}</span>;
}

/** Says that the server does not know the link. */
export function RefusedLink({ reason }: Readonly<{ reason: string }>): VNode {
  return (
    <section class="paper">
      <h2>This link does not work</h2>
      <p>{reason}. If it still does not work, please ask for a new link.</p>
    </section>
  );
}

/** Shown before the page has received anything. */
export function Starting({ connection: { kind } }: Readonly<{ connection: Connection }>): VNode {
  return (
    <p class="soft starting">
      {kind === "lost"
        ? "The server does not answer. This page tries again by itself. If this does not help, please tell the researchers."
        : "Please wait."}
    </p>
  );
}
