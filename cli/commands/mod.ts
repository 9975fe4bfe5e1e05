/** The list of commands. The code of a command is loaded when it is called. */
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
    summary: "Check an experiment file and list every problem",
    load: () => import("./validate.ts"),
  },
  {
    name: "doctor",
    summary: "Check the machine and an experiment's models before a run",
    load: () => import("./doctor.ts"),
  },
  {
    name: "plan",
    summary: "Show what an experiment would run, without running it",
    load: () => import("./plan.ts"),
  },
  {
    name: "prompts",
    summary: "Show the prompts of an experiment, or a request of a run",
    load: () => import("./prompts.ts"),
  },
  {
    name: "run",
    summary: "Run the discussions of an experiment, or resume them",
    load: () => import("./run.ts"),
  },
  {
    name: "slurm",
    summary: "Write the scripts of a run on a Slurm cluster, and submit them",
    load: () => import("./slurm.ts"),
  },
  {
    name: "worker",
    summary: "Work on a run in a database, together with other processes",
    load: () => import("./worker.ts"),
  },
  {
    name: "fork",
    summary: "Continue discussions of a run under other conditions",
    load: () => import("./fork.ts"),
  },
  {
    name: "annotate",
    summary: "Annotate the comments of a run, or resume an unfinished annotation",
    load: () => import("./annotate.ts"),
  },
  {
    name: "reparse",
    summary: "Read the stored replies of an annotation again, with changed scales",
    load: () => import("./reparse.ts"),
  },
  {
    name: "embed",
    summary: "Make vectors of the comments of a run, to compare what they mean",
    load: () => import("./embed.ts"),
  },
  {
    name: "import",
    summary: "Import discussions, annotations and scores",
    load: () => import("./import.ts"),
  },
  {
    name: "status",
    summary: "Show the progress of a run",
    load: () => import("./status.ts"),
  },
  {
    name: "replay",
    summary: "Show a discussion or its state at any event; check its prompts",
    load: () => import("./replay.ts"),
  },
  {
    name: "verify",
    summary: "Check that logs are unchanged, repair damaged ones, or check the design",
    load: () => import("./verify.ts"),
  },
  {
    name: "view",
    summary: "Serve a page that shows all discussions of runs, also while they run",
    load: () => import("./view.ts"),
  },
  {
    name: "power",
    summary: "Estimate from a pilot run how many replications an experiment needs",
    load: () => import("./power.ts"),
  },
  {
    name: "query",
    summary: "Query the tables of one or more runs in SQL",
    load: () => import("./query.ts"),
  },
  {
    name: "export",
    summary: "Write a run as CSV, JSON lines, Parquet or a data set",
    load: () => import("./export.ts"),
  },
  {
    name: "report",
    summary: "Write the results of runs as a page, Markdown, LaTeX and CSV",
    load: () => import("./report.ts"),
  },
  {
    name: "pack",
    summary: "Write a run into one archive, to send or to keep",
    load: () => import("./pack.ts"),
  },
  {
    name: "unpack",
    summary: "Write the run in an archive to a folder, and verify it",
    load: () => import("./unpack.ts"),
  },
  {
    name: "copy",
    summary: "Copy a run between a folder and a database",
    load: () => import("./copy.ts"),
  },
  {
    name: "withdraw",
    summary: "Withdraw a person from a run: make the person's words unreadable",
    load: () => import("./withdraw.ts"),
  },
  {
    name: "schema",
    summary: "Write the JSON Schema of experiment files, for editors",
    load: () => import("./schema.ts"),
  },
  {
    name: "completions",
    summary: "Write the completion script of a shell",
    load: () => import("./completions.ts"),
  },
];
