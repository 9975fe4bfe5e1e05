/** The declared analysis of a run. */

/** How outcomes are analysed. Declared results are confirmatory, all others are exploratory. */
export type AnalysisDesign = Readonly<{
  /** In the researcher's words; `null` without a question. */
  question: string | null;
  /** Factor → the label of its reference level. For factors that are not listed, the first level is the reference. */
  reference: Readonly<Record<string, string>>;
  /** The names of the declared outcomes. */
  outcomes: readonly string[];
  /**
   * Each effect is a list of the factors that are multiplied, and can include the turn. `null` means one effect for
   * each factor. A statistical model with `a:b` also contains `a` and `b`.
   */
  effects: readonly (readonly string[])[] | null;
  comments: "participants" | "moderators" | "all";
  /** Whether annotations of silent turns count. Silent turns have no comment, but imported files can contain scores for them. */
  silences: "exclude" | "include";
  /** Time is the turn, or the position among all slots, which include openings and moderations. */
  time: "turn" | "position";
  /**
   * The test for the effect of a single factor. `null` chooses it: `paired` if conditions are matched, otherwise
   * `mixed-model` for annotations and `permutation` for figures of whole discussions.
   */
  test: "mixed-model" | "paired" | "permutation" | null;
  correction: "holm" | "benjamini-hochberg" | "none";
  /** The confidence level of intervals. A p value below 1 − level counts as significant. */
  level: number;
  /**
   * The numbers of ended discussions at which results are looked at, increasing. The last of them is the largest number of
   * discussions. Left out if no looks are planned.
   */
  looks?: readonly number[];
}>;
