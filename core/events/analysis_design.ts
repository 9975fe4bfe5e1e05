/** The declared analysis of a run. */

/** Whose comments a figure can count. Openings, scripted interventions and the past of a branch never count. */
export const WHOSE_COMMENTS = ["participants", "moderators", "all"] as const;

/** Whose comments a figure counts. */
export type WhoseComments = typeof WHOSE_COMMENTS[number];

/** Whether annotations of silent turns count. */
export const SILENCES = ["exclude", "include"] as const;

/** What counts as time: turns, or positions among all slots, which include openings and moderations. */
export const TIMES = ["turn", "position"] as const;

/** The tests of effects without turns. */
export const EFFECT_TESTS = ["mixed-model", "paired", "permutation"] as const;

/** How p values are adjusted over all declared tests. */
export const CORRECTIONS = ["holm", "benjamini-hochberg", "none"] as const;

/** The models of the comments' values. They treat values as numbers, as ordered categories, or as yes and no. */
export const COMMENT_MODELS = ["linear", "ordinal", "logistic"] as const;

/** A model of the comments' values. */
export type CommentModel = typeof COMMENT_MODELS[number];

/** How outcomes are analysed. Declared results are confirmatory, all others are exploratory. */
export type AnalysisDesign = Readonly<{
  /** The research question, in the researcher's words; `null` if there is none. */
  question: string | null;
  /** Factor → the label of its reference level. For factors that are not listed, the first level is the reference. */
  reference: Readonly<Record<string, string>>;
  /** The names of the declared outcomes. */
  outcomes: readonly string[];
  /**
   * Each effect is a list of factors. If it has several, it is their interaction. The turn can be one of
   * them. `null` means one effect for each factor. A statistical model with `a:b` also contains `a` and `b`.
   */
  effects: readonly (readonly string[])[] | null;
  /**
   * The factors that models adjust for, in addition to the factors of declared effects. By default, all
   * factors. The models of effects that are not declared always adjust for all factors.
   */
  adjust?: readonly string[];
  /** Whose comments outcomes count. */
  comments: WhoseComments;
  /**
   * Outcome → whose comments this outcome counts, if they differ from `comments`. Missing if no outcome
   * differs.
   */
  commentsOf?: Readonly<Record<string, WhoseComments>>;
  /** Whether annotations of silent turns count. Silent turns have no comment, but imported files can contain scores for them. */
  silences: typeof SILENCES[number];
  /**
   * What counts as time: the number of the turn, or the position among all slots (with openings and
   * moderations).
   */
  time: typeof TIMES[number];
  /**
   * The test for effects without the turn. `null` means `paired` if the conditions are matched, otherwise a
   * model. For figures of whole discussions, `mixed-model` means a linear model with one value for each
   * discussion.
   */
  test: typeof EFFECT_TESTS[number] | null;
  correction: typeof CORRECTIONS[number];
  /** The confidence level of intervals. A p value below 1 − level counts as significant. */
  level: number;
  /**
   * The numbers of ended discussions at which results are looked at, in increasing order. The last number is
   * the planned number of all discussions. Missing if no looks are planned.
   */
  looks?: readonly number[];
  /**
   * Outcome → margin: an effect between −margin and +margin is too small to matter. The margin is in the unit
   * of the outcome, or in log odds for logistic and ordinal models. Missing if no margin is declared.
   */
  margin?: Readonly<Record<string, number>>;
  /** Outcome → the model of its comments. For outcomes that are not listed, the scale decides. */
  model?: Readonly<Record<string, CommentModel>>;
  /** Whether models of change through turns give each discussion a separate trend; `true` by default. */
  slopes?: boolean;
}>;
