/** The declared analysis of a run. */

/** Whose comments a figure can count. Openings, scripted interventions and the past of a branch never count. */
export const WHOSE_COMMENTS = ["participants", "moderators", "all"] as const;

/** Whose comments a figure counts. */
export type WhoseComments = typeof WHOSE_COMMENTS[number];

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
  /**
   * The factors that models adjust for, besides the factors of declared effects. Left out: all factors. Explored effects are
   * always adjusted for all factors.
   */
  adjust?: readonly string[];
  /** Whose comments outcomes count. */
  comments: WhoseComments;
  /** Outcome → whose comments it counts instead. Left out if all outcomes count the same. */
  commentsOf?: Readonly<Record<string, WhoseComments>>;
  /** Whether annotations of silent turns count. Silent turns have no comment, but imported files can contain scores for them. */
  silences: "exclude" | "include";
  /** Time is the turn, or the position among all slots, which include openings and moderations. */
  time: "turn" | "position";
  /**
   * The test for effects without turns. `null` chooses it: `paired` if conditions are matched, otherwise a model. For
   * figures of whole discussions, `mixed-model` means a linear model of one value for each discussion.
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
  /**
   * Outcome → margin: an effect between −margin and +margin is too small to matter. In the unit of the outcome; in log odds
   * for logistic and ordinal models. Left out if no margin is declared.
   */
  margin?: Readonly<Record<string, number>>;
  /** Outcome → the model of its comments. For outcomes that are not listed, the scale decides. */
  model?: Readonly<Record<string, CommentModel>>;
  /** Whether each discussion has a trend of its own in models of change through turns. Left out: `true`. */
  slopes?: boolean;
}>;

/** A model of the comments' values: as numbers, as ordered categories, or as yes and no. */
export type CommentModel = "linear" | "ordinal" | "logistic";
