/** The shapes of events, as SQL parses them. */

const GENERATION = {
  model: "VARCHAR",
  promptHash: "VARCHAR",
  commentsLeftOut: "INTEGER",
  seed: "BIGINT",
  finishReason: "VARCHAR",
  finishReasonGiven: "VARCHAR",
  usage: { promptTokens: "BIGINT", completionTokens: "BIGINT" },
  servedBy: "VARCHAR",
};

const SEALED = { person: "VARCHAR", withdrawn: "BOOLEAN" };

const META = { attempts: "INTEGER", latencyMs: "DOUBLE", message: "VARCHAR" };

type Shape = Readonly<{ [name: string]: string | Shape }>;

/** A query for the events of some types. Their data is parsed once into the column `d`, and their meta into `m`. */
export function shaped(types: readonly string[], shape: Shape): string {
  return `(SELECT run, stream, seq, recorded_at, type, data,
      json_transform(data, '${JSON.stringify(shape)}') AS d, json_transform(meta, '${
    JSON.stringify(META)
  }') AS m
    FROM events WHERE type IN (${types.map((type) => `'${type}'`).join(", ")}))`;
}

export const generationColumns = (g: string) => `
  ${g}.servedBy AS served_by, ${g}.promptHash AS prompt_hash, ${g}.commentsLeftOut AS comments_left_out,
  ${g}.seed AS seed, ${g}.finishReason AS finish_reason, ${g}.finishReasonGiven AS finish_reason_given, ${g}.usage.promptTokens AS prompt_tokens,
  ${g}.usage.completionTokens AS completion_tokens, m.attempts AS attempts, m.latencyMs AS latency_ms`;

export const said = {
  turn: "INTEGER",
  comment: "INTEGER",
  author: "VARCHAR",
  participant: "VARCHAR",
  moderator: "VARCHAR",
  text: "VARCHAR",
  raw: "VARCHAR",
  thoughts: "VARCHAR",
  sealed: SEALED,
  reason: "VARCHAR",
  generation: GENERATION,
};

export const annotated = {
  pass: "VARCHAR",
  comment: "INTEGER",
  position: "INTEGER",
  annotator: "VARCHAR",
  attempt: "INTEGER",
  raw: "VARCHAR",
  thoughts: "VARCHAR",
  sealed: SEALED,
  generation: GENERATION,
};

/** Why the words of an event cannot be read; `NULL` if they can. */
export const WITHHELD =
  `CASE WHEN d.sealed.withdrawn THEN 'withdrawn' WHEN d.sealed.person IS NOT NULL THEN 'sealed' END`;
