/** The texts of a run that are not part of its description or its logs. */

/** The names of these texts. */
export const RUN_TEXTS = {
  /** The prices of the run's models. */
  prices: "prices.json",
  /** The file of an annotation pass. */
  annotation: (pass: string): string => `annotations/${pass}.yaml`,
  /**
   * The items and answers of a person who annotates. `annotator` is the 1-based number of this annotator in
   * the pass.
   */
  ratings: (pass: string, annotator: number): string => `people/ratings/${pass}.${annotator}.jsonl`,
  /** The models that made vectors of comments. */
  vectorModels: "vectors/models.json",
  /** A part of the vectors of comments, from 1. `key` is the model's key. */
  vectors: (key: string, part: number): string => `vectors/${key}.${part}.jsonl`,
} as const;

/** Whether a text is the copy of an annotation file. */
export function isAnnotationText(name: string): boolean {
  return name.startsWith("annotations/") && TEXT_NAME.test(name);
}

const TEXT_NAME =
  /^(?:prices\.json|annotations\/[A-Za-z0-9_][A-Za-z0-9_.-]*\.yaml|vectors\/(?:models\.json|[0-9a-f]{16}\.\d{1,6}\.jsonl)|people\/ratings\/[A-Za-z0-9_][A-Za-z0-9_.-]*\.\d+\.jsonl)$/;

/** Whether a name is one that {@linkcode RUN_TEXTS} gives. */
export function isTextName(name: string): boolean {
  return TEXT_NAME.test(name);
}

/**
 * Refuses all names that {@linkcode RUN_TEXTS} does not give, so that no name leads to another part of the
 * run or out of it.
 */
export function checkTextName(name: string): void {
  if (isTextName(name)) return;
  throw new RangeError(`Cannot use the name "${name}" for a text of a run: expected a name of RUN_TEXTS`);
}
