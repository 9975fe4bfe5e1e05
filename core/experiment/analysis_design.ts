/** What an experiment sets out to find: its question, and how that is to be answered. */

/** Figures of whole discussions that can be outcomes, beside the scales that comments are judged on. */
export const DISCUSSION_METRICS = [
  "diversity",
  "distinct-2",
  "words",
  "silence-rate",
  "participation-rate",
  "evenness",
  "respond-rate",
  "intervention-rate",
] as const;

/** The name of such a figure. */
export type DiscussionMetric = typeof DISCUSSION_METRICS[number];

/** The name that stands for the place in a discussion among the names that an effect multiplies. */
export const TIME = "turn";

/** How outcomes are to be analysed. What it declares is confirmatory; everything else is exploratory. */
export type AnalysisDesign = Readonly<{
  /** In the researcher's words; `null` where nothing is said. */
  question: string | null;
  /** Factor → the label of the level that its others are compared with; a factor's first level where it is not named. */
  reference: Readonly<Record<string, string>>;
  /**
   * What is compared: a scale (`toxicity`), a scale of a pass (`second/toxicity`), one label of a nominal scale
   * (`stance=against`), or a {@linkcode DiscussionMetric}. None where nothing is declared.
   */
  outcomes: readonly string[];
  /**
   * What outcomes are compared by, each a list of the factors that are multiplied, {@linkcode TIME} among them;
   * `null` for every factor by itself. Effects that an interaction consists of are in the model as well.
   */
  effects: readonly (readonly string[])[] | null;
  /** Whose comments count. */
  comments: "participants" | "moderators" | "all";
  /** Whether judgements of silent turns count; they are no comments, but imported scores can hold some. */
  silences: "exclude" | "include";
  /** What the place in a discussion is: the turn, or the position among all slots, openings and moderations too. */
  time: "turn" | "position";
  /**
   * How effects of factors alone are tested; `null` for `paired` where the conditions are matched, else `mixed-model`
   * for what comments are judged by, and `permutation` for figures of whole discussions.
   */
  test: "mixed-model" | "paired" | "permutation" | null;
  /** How p values are adjusted over all declared tests together. */
  correction: "holm" | "benjamini-hochberg" | "none";
  /** The level of intervals; p below 1 − level counts as a result. */
  level: number;
}>;

/** The analysis where none is declared: everything is exploratory. */
export const ANALYSIS_DEFAULT: AnalysisDesign = {
  question: null,
  reference: {},
  outcomes: [],
  effects: null,
  comments: "participants",
  silences: "exclude",
  time: "turn",
  test: null,
  correction: "holm",
  level: 0.95,
};
