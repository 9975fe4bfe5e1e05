/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** Says on an exported page what it is, and what it lacks. */
import type { VNode } from "npm:preact@11.2.0";
import type { Content, RunFacts } from "../api.ts";

const TEXTS: Readonly<Record<Content, string>> = {
  prompts: "prompts, personas and instructions",
  thoughts: "thoughts of models",
  raw: "raw replies",
  experiment: "the experiment file",
  outcomes: "annotations and outcomes",
  "rater-names": "the names of annotators",
  "private-words": "paths, and names of users and hosts",
};

/** A note at the top of an exported page; nothing on a page of the server. */
export function ExportNote({ runs }: Readonly<{ runs: readonly RunFacts[] }>): VNode | null {
  const leftOut = runs[0]?.leftOut;
  if (leftOut === undefined) return null;
  const list = new Intl.ListFormat("en").format(leftOut.map((one) => TEXTS[one]));
  const isChanged = leftOut.some((one) => one === "rater-names" || one === "private-words");
  return (
    <details class="export-note">
      <summary>This page was exported: nothing in it changes any more</summary>
      <p>
        {list === "" ? "It contains everything." : `It does not contain ${list}.`}{" "}
        {leftOut.includes("experiment") && "Options of models are left out, except the model's name. "}
        {isChanged &&
          "Other words replace the left-out names, also in comments and prompts. So the SHA-256 of a comment or prompt can differ from the log. "}
        The search covers the discussions of the files that were opened so far.
      </p>
    </details>
  );
}
