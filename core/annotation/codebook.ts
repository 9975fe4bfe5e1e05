/** The codebook: what comments are judged by. */

/** A judgement: a number of an ordinal or interval scale, a label of a nominal one, yes or no, or a text. */
export type ScaleValue = number | string | boolean;

/** What a scale allows as an answer. */
export type ScaleType =
  /** Whole numbers with an order; labels, where there are any, say what a number means. */
  | Readonly<{ type: "ordinal"; min: number; max: number; labels?: Readonly<Record<string, string>> }>
  /** Numbers whose differences mean something; fractions are allowed. */
  | Readonly<{ type: "interval"; min: number; max: number }>
  /** One of several names without an order. */
  | Readonly<{ type: "nominal"; labels: readonly string[] }>
  /** Yes or no. */
  | Readonly<{ type: "boolean" }>
  /** Free text of bounded length, in characters. */
  | Readonly<{ type: "text"; maxLength: number }>;

/**
 * How replies are read: `exact` takes a reply that is nothing but a value; `mention` takes one that holds exactly one
 * valid value, whatever else it says.
 */
export type Grammar = "exact" | "mention";

/** One question of the codebook, and what answers it. */
export type Scale =
  & Readonly<{
    /** Unique in its codebook. */
    name: string;
    question: string;
    /** `mention` where it is left out. */
    grammar?: Grammar;
  }>
  & ScaleType;

/** Everything that is asked about a comment. */
export type Codebook = Readonly<{
  /** The researcher's own word for this version; the beginning of `hash` where there is none. */
  version: string;
  /** SHA-256 (hex) of the scales in canonical form: equal codebooks ask the same. */
  hash: string;
  scales: readonly Scale[];
}>;
