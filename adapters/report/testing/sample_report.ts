/** Sample reports for tests: usual and extreme cases of every block and every plot. */
import type { Block, Report, Table } from "../../../analysis/report/mod.ts";
import { samplePlots } from "./sample_plots.ts";

const OUTCOMES: Table = {
  id: "toxicity-by-condition",
  title: "Toxicity by condition",
  note: "Means of discussions, with 95 % intervals by a bootstrap over discussions (2,000 replicates).",
  columns: [
    { key: "condition", title: "Condition", format: { kind: "text" } },
    { key: "discussions", title: "Discussions", format: { kind: "count" } },
    { key: "comments", title: "Comments", format: { kind: "count" } },
    { key: "mean", title: "Mean", format: { kind: "number", decimals: 2 } },
    { key: "interval", title: "95 % interval", format: { kind: "number", decimals: 2 } },
    { key: "silent", title: "Silent", format: { kind: "share" } },
    { key: "p", title: "p", format: { kind: "p" } },
  ],
  rows: [
    {
      cells: ["no moderator", 40, 1200, 2.41, { level: 0.95, lower: 2.2, upper: 2.63 }, 0.031, null],
    },
    { cells: ["with moderator", 40, 1187, 1.98, { level: 0.95, lower: 1.79, upper: 2.18 }, 0.042, 0.0004] },
    {
      cells: [
        "moderator who only watches",
        1,
        30,
        2.2,
        { unavailable: "there is one discussion" },
        0,
        { unavailable: "there is one discussion" },
      ],
      tone: "caution",
    },
    {
      cells: [
        "moderator on a model that failed",
        0,
        0,
        { unavailable: "there are no values" },
        { unavailable: "there are no values" },
        { unavailable: "no one was asked" },
        { unavailable: "there are no values" },
      ],
      tone: "flag",
    },
  ],
};

const WIDE: Table = {
  id: "every-pair",
  title: "Differences of every pair of conditions, with more columns than fit on any page",
  note: "",
  columns: [
    { key: "pair", title: "Pair", format: { kind: "text" } },
    ...Array.from({ length: 14 }, (_, index) => ({
      key: `outcome_${index + 1}`,
      title: `Outcome ${index + 1}`,
      format: { kind: "number", decimals: 2 } as const,
    })),
  ],
  rows: Array.from({ length: 6 }, (_, row) => ({
    cells: [
      `condition ${row + 1} − condition ${row + 2}`,
      ...Array.from({ length: 14 }, (_, index) => (row - 2.5) * (index + 1) / 7),
    ],
  })),
};

const NO_ROWS: Table = {
  id: "failures",
  title: "Requests that failed",
  note: "",
  columns: [
    { key: "model", title: "Model", format: { kind: "text" } },
    { key: "failures", title: "Failures", format: { kind: "count" } },
  ],
  rows: [],
};

const TRANSCRIPT: Block = {
  kind: "transcript",
  title: "At the median: no-moderator, discussion 17",
  text: "The discussion whose mean toxicity is nearest to the median of its condition.",
  comments: [
    {
      by: "opening",
      author: "The city's newsletter",
      role: null,
      text:
        "The city plans to close the old town to cars from next spring. Shops fear for their customers; " +
        "residents hope for quieter nights.",
      annotations: "",
    },
    {
      by: "participant",
      author: "Marta",
      role: "neutral",
      text:
        "I have lived on the square for twelve years. What no one says: deliveries alone are forty vans " +
        "before nine.\n\nClose it, but tell us first how the pharmacy gets its stock.",
      annotations: "toxicity 1.3, constructiveness 4.0",
    },
    {
      by: "participant",
      author: "Deniz",
      role: "troll",
      text: "Oh please. Another plan by people who have never carried anything heavier than a laptop.",
      annotations: "toxicity 3.7, constructiveness 1.3",
    },
    {
      by: "moderator",
      author: "Chair",
      role: null,
      text: "Deniz, please speak about the plan rather than about its authors. What would you change in it?",
      annotations: "",
    },
    { by: "participant", author: "Deniz", role: "troll", text: null, annotations: "" },
    {
      by: "participant",
      author: "Ilse",
      role: "community veteran",
      text:
        "There was a trial in 2019; the numbers are on the city's site. Turnover fell for two months, then rose.",
      annotations: "toxicity 1.0, constructiveness 4.7",
    },
  ],
};

export function sampleReport(): Report {
  const plots = samplePlots();
  return {
    title: "Does a moderator lower toxicity?",
    subtitle: "80 discussions of an experiment with 2 conditions, held on 3 March 2026",
    sections: [
      {
        id: "question",
        title: "Question and design",
        blocks: [
          {
            kind: "paragraph",
            text:
              "Do discussions that a model moderates stay more civil than discussions without a moderator? " +
              "Participants are the same personas in both conditions, speak in the same order and begin with the same " +
              "opening comment, so that each discussion has its counterpart.",
          },
          {
            kind: "facts",
            entries: [
              { term: "Experiment", value: "moderation.yaml" },
              { term: "Conditions", value: "2, with 40 replicates each" },
              { term: "Seed", value: "42" },
              { term: "Models", value: "participants: a-model-of-8b\nannotators: another-model-of-70b" },
            ],
          },
          {
            kind: "source",
            title: "The experiment file",
            text: "name: moderation\nseed: 42\nparticipants:\n  count: 5\n\tmodel: a-model-of-8b\n",
          },
        ],
      },
      {
        id: "conduct",
        title: "How it ran",
        blocks: [
          {
            kind: "callout",
            tone: "flag",
            title: "Three discussions were aborted",
            text: "They count in no outcome. All of them were of the condition with a moderator.",
          },
          {
            kind: "callout",
            tone: "caution",
            title: "Few discussions",
            text: "An effect of half of a standard deviation would be found in 58 % of such experiments.",
          },
          {
            kind: "callout",
            tone: "note",
            title: "Silences are not annotated",
            text: "They are left out of means.",
          },
          {
            kind: "list",
            items: [
              "12,400 requests, 31 of them repeated",
              "4.1 million tokens in, 0.6 million out",
              "no price is known for one of the models",
            ],
          },
          { kind: "table", table: NO_ROWS },
        ],
      },
      {
        id: "outcomes",
        title: "Outcomes by condition",
        blocks: [
          { kind: "heading", title: "Toxicity" },
          { kind: "table", table: OUTCOMES },
          ...plots.usual,
          { kind: "heading", title: "Every pair" },
          { kind: "table", table: WIDE },
        ],
      },
      { id: "limits", title: "Figures at their limits", blocks: plots.extreme },
      { id: "examples", title: "Examples", blocks: [TRANSCRIPT] },
    ],
  };
}

export function reportOf(text: string): Report {
  return JSON.parse(
    JSON.stringify(sampleReport()),
    (key, value) => typeof value === "string" && !CONTRACT.has(key) ? text : value,
  );
}

/** Fields that `reportOf()` keeps: the program writes them itself, so they hold no texts of a run. */
const CONTRACT: ReadonlySet<string> = new Set(["id", "key", "kind", "tone", "by"]);
