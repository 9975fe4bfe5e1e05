/** The commands: what there is, and where each is. Their code is loaded when they are named. */
import type { CommandEntry } from "../shared/command.ts";

/** All commands, in the order in which the help lists them. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "init",
    summary: "Write a commented experiment file that runs",
    load: () => import("./init.ts"),
  },
  {
    name: "validate",
    summary: "Check an experiment file and list everything that is wrong",
    load: () => import("./validate.ts"),
  },
  {
    name: "plan",
    summary: "Show what an experiment would run, without running it",
    load: () => import("./plan.ts"),
  },
  {
    name: "run",
    summary: "Hold an experiment's discussions, or go on with them",
    load: () => import("./run.ts"),
  },
  {
    name: "annotate",
    summary: "Judge the comments of a run, or go on with it",
    load: () => import("./annotate.ts"),
  },
  {
    name: "reparse",
    summary: "Read an annotation's stored replies again, under another codebook",
    load: () => import("./reparse.ts"),
  },
  {
    name: "import",
    summary: "Bring in discussions, annotations and scores from elsewhere",
    load: () => import("./import.ts"),
  },
  {
    name: "status",
    summary: "Show how far a run is",
    load: () => import("./status.ts"),
  },
  {
    name: "replay",
    summary: "Show a discussion or its state at any event; check its prompts",
    load: () => import("./replay.ts"),
  },
  {
    name: "verify",
    summary: "Check that logs are as they were written; set damage aside",
    load: () => import("./verify.ts"),
  },
  {
    name: "power",
    summary: "Tell from a pilot run how many replications an experiment needs",
    load: () => import("./power.ts"),
  },
  {
    name: "query",
    summary: "Ask a question in SQL of the tables of one or more runs",
    load: () => import("./query.ts"),
  },
  {
    name: "export",
    summary: "Write a run as CSV, JSON lines, Parquet or a data set",
    load: () => import("./export.ts"),
  },
  {
    name: "report",
    summary: "Write what runs came to: a page, Markdown, LaTeX, CSV",
    load: () => import("./report.ts"),
  },
  {
    name: "schema",
    summary: "Write the JSON Schema of experiment files, for editors",
    load: () => import("./schema.ts"),
  },
  {
    name: "completions",
    summary: "Write the completions script for a shell",
    load: () => import("./completions.ts"),
  },
];
