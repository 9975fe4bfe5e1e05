/** The data files that are too long for a page. One has a row for each discussion, the other a row for each slot. */
import { type Scale, scaleTypeOf } from "../../../core/annotation/scales/mod.ts";
import {
  CONDUCT_FIGURES,
  countIn,
  type Judgements,
  numbersIn,
  type Observation,
  openingsOf,
  outcomesOf,
  ownOf,
  TEXT_FIGURES,
} from "../../outcomes/mod.ts";
import { mean, notComputable } from "../../statistics/distributions.ts";
import { unavailable } from "../../statistics/unavailable.ts";
import {
  type AnalysisDesign,
  TEXT_METRICS,
  whoseComments,
} from "../../../core/experiment/analysis_design.ts";
import { countedNote } from "../analysis_texts.ts";
import type { Cell, CellFormat, LongTable, Row as TableRow } from "../document.ts";
import { columnKeys, type Field } from "../tables.ts";

const TEXT: CellFormat = { kind: "text" };
const COUNT: CellFormat = { kind: "count" };
const NUMBER: CellFormat = { kind: "number", decimals: 6 };

/** A column whose key is made from its title. */
type TitledField<Row> = Omit<Field<Row>, "key" | "format"> & Readonly<{ format: CellFormat }>;

/**
 * A table with one row for each discussion, including discussions that did not end. A row has the condition,
 * the factors, how the discussion ended, each outcome's mean and number of values, and figures of conduct.
 */
export function discussionsTable(observations: readonly Observation[], analysis: AnalysisDesign): LongTable {
  const outcomes = outcomesOf(observations, analysis);
  const factors = [...new Set(observations.flatMap(({ factors }) => Object.keys(factors)))];
  const annotated = outcomes.filter(({ unit }) => unit === "comment");
  type Row = Readonly<{ observation: Observation; index: number }>;
  const field = (
    title: string,
    format: CellFormat,
    of: (observation: Observation) => Cell,
  ): TitledField<Row> => ({
    title,
    format,
    of: ({ observation }) => of(observation),
  });
  const compared = whoseComments(analysis, ["diversity"]);
  const textFigures = TEXT_METRICS.map((name) => {
    const whose = whoseComments(analysis, [name]);
    return field(name, NUMBER, (observation) => TEXT_FIGURES[name](observation, whose));
  });
  return table({
    id: "discussions",
    title: "Discussions",
    note: `One row for each discussion, including those that did not end. ${countedNote(outcomes)}`,
  }, [
    field("run", TEXT, ({ run }) => run),
    field("discussion", TEXT, ({ discussion }) => discussion),
    ...observations.some(({ origin }) => origin !== null)
      ? [field("origin", TEXT, ({ origin }) => origin)]
      : [],
    field("condition", TEXT, ({ condition }) => condition),
    ...factors.map((name) => field(`factor ${name}`, TEXT, ({ factors }) => ownOf(factors, name) ?? null)),
    field("replicate", COUNT, ({ replicate }) => replicate),
    field("end", TEXT, ({ end }) => end),
    ...annotated.flatMap(({ name, values }): TitledField<Row>[] => [
      {
        title: `${name} mean`,
        format: NUMBER,
        of: ({ index }) => meanOf(numbersIn(values, index)),
      },
      { title: `${name} n`, format: COUNT, of: ({ index }) => countIn(values, index) },
    ]),
    field("openings", COUNT, openingsOf),
    field("turns", COUNT, ({ conduct }) => conduct.structure.turns),
    field(
      "comments",
      COUNT,
      ({ conduct }) => conduct.participants.reduce((sum, { comments }) => sum + comments, 0),
    ),
    field("moderator slots", COUNT, ({ conduct }) => conduct.moderator?.asked ?? 0),
    field("interventions", COUNT, ({ conduct }) => conduct.moderator?.comments ?? 0),
    field("answerable", COUNT, ({ conduct }) => conduct.structure.answerable),
    field("answered", COUNT, ({ conduct }) => conduct.structure.answered),
    field("repeated", COUNT, ({ conduct }) => conduct.structure.repeated),
    ...Object.entries(CONDUCT_FIGURES).map(([name, of]) => field(name, NUMBER, of)),
    ...textFigures,
    ...observations.some(({ texts }) => texts[compared].wordsCompared !== null)
      ? [field("words compared", COUNT, ({ texts }) => texts[compared].wordsCompared)]
      : [],
  ], function* () {
    for (const [index, observation] of observations.entries()) yield { observation, index };
  });
}

/**
 * A table with one row for each slot, including silences and openings. A row says who spoke or was asked, and
 * has each scale's mean over the annotators who gave a value. For this mean, yes counts as 1 and no as 0. Each
 * label of a nominal scale has a column of its own: an annotator counts as 1 if they gave the label, and as 0
 * if they did not.
 */
export function valuesTable(observations: readonly Observation[]): LongTable {
  type Row = Readonly<{
    observation: Observation;
    /** The annotations of the discussion on each scale. */
    judgements: ReadonlyMap<string, Judgements>;
    position: number;
  }>;
  const keyOf = ({ pass, scale }: Pick<Judgements, "pass" | "scale">) => JSON.stringify([pass, scale.name]);
  const scales = new Map<string, Readonly<{ pass: string; scale: Scale }>>();
  for (const { judgements } of observations) {
    for (const { pass, scale } of judgements) {
      const key = keyOf({ pass, scale });
      if (!scales.has(key)) scales.set(key, { pass, scale });
    }
  }
  const slot = (
    title: string,
    format: CellFormat,
    of: (slot: Observation["slots"][number]) => Cell,
  ): TitledField<Row> => ({
    title,
    format,
    of: ({ observation, position }) => of(observation.slots[position]!),
  });
  return table(
    {
      id: "values",
      title: "Values",
      note: "One row for each slot of a discussion, including silences and openings.",
    },
    [
      { title: "run", format: TEXT, of: ({ observation }) => observation.run },
      { title: "discussion", format: TEXT, of: ({ observation }) => observation.discussion },
      { title: "position", format: COUNT, of: ({ position }) => position },
      slot("turn", COUNT, ({ turn }) => turn),
      slot("comment", COUNT, ({ comment }) => comment),
      slot("by", TEXT, ({ by }) => by),
      ...observations.some(({ slots }) => slots.some(({ isPast }) => isPast))
        ? [slot("past", TEXT, ({ isPast }) => isPast ? "yes" : "no")]
        : [],
      slot("author", TEXT, ({ author }) => author),
      slot("role", TEXT, ({ role }) => role),
      ...[...scales].flatMap(([key, { pass, scale }]) =>
        (scaleTypeOf(scale).labels?.(scale) ?? [null]).map((label): TitledField<Row> => ({
          title: `${pass}/${scale.name}${label === null ? "" : `=${label}`}`,
          format: NUMBER,
          of: ({ judgements, position }) => {
            const annotated = judgements.get(key);
            return annotated === undefined ? null : judgedMean(annotated, position, label);
          },
        }))
      ),
    ],
    function* () {
      for (const observation of observations) {
        const judgements = new Map(observation.judgements.map((one) => [keyOf(one), one]));
        for (const position of observation.slots.keys()) yield { observation, judgements, position };
      }
    },
  );
}

function judgedMean({ values }: Judgements, position: number, label: string | null): Cell {
  const given: number[] = [];
  for (const row of values) {
    const value = row[position] ?? null;
    if (value !== null) given.push(label === null ? Number(value) : Number(value === label));
  }
  return given.length === 0 ? null : meanOf(given);
}

function meanOf(values: readonly number[]): Cell {
  const wrong = values.length === 0 ? "there are no values" : notComputable(values, "value");
  return wrong === undefined ? mean(values) : unavailable(wrong);
}

function table<Row>(
  said: Pick<LongTable, "id" | "title" | "note">,
  fields: readonly TitledField<Row>[],
  rows: () => Iterable<Row>,
): LongTable {
  const keys = columnKeys(fields.map(({ title }) => title));
  const columns = fields.map(({ title, format }, at) => ({ key: keys[at]!, title, format }));
  return {
    ...said,
    columns,
    rows: {
      *[Symbol.iterator](): Iterator<TableRow> {
        for (const row of rows()) yield { cells: fields.map(({ of }) => of(row)) };
      },
    },
  };
}
