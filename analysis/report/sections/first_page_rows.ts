/** Chooses the tests that the first page shows, and the rows of its table. */
import type { AdjustedTest, JointEffectTest, OutcomeComparisons } from "../../outcomes/mod.ts";
import { isUnavailable } from "../../statistics/unavailable.ts";
import type { Results } from "./effect_results.ts";
import { jointOf } from "./joint_texts.ts";

/** The first page shows each test in a row of its own if there are no more tests than this. */
const ROWS_MAX = 12;

/** An effect with more comparisons than this is the first to be shown in one row. */
const COMPARISONS_MAX = 3;

/** The first page has at most this many rows, even if every effect has only one. */
const ROWS_LAST = 40;

/** A row of the first page: one test, or the tests of one effect on one outcome that find nothing. */
export type HeadlineRow = Readonly<{ tests: readonly AdjustedTest[] }>;

/** The tests that the first page shows. */
export type Headline = Readonly<{
  rows: readonly HeadlineRow[];
  /** How many tests did not fit. */
  left: number;
  /** Whether they are the tests of the analysis; otherwise, they are comparisons that no analysis names. */
  declared: boolean;
  /** A test with a smaller adjusted p finds an effect. */
  alpha: number;
}>;

/**
 * Chooses the tests of the first page: the tests of the analysis, or else the comparisons of two levels on annotated scales, or
 * else on any outcome. If there are too many, the tests of an effect share a row, except tests with an adjusted p below `alpha`.
 */
export function headlineResults({ tests, outcomes }: OutcomeComparisons, alpha: number): Headline {
  const ofAnalysis = tests.filter(({ declared }) => declared);
  const declared = ofAnalysis.length > 0;
  const compared = tests.filter(({ term, figures }) =>
    term.contrasts.length === 1 && !term.throughTurns && !isUnavailable(figures)
  );
  const scales = new Set(
    outcomes.filter(({ outcome }) => outcome.scale !== null).map(({ outcome }) => outcome.name),
  );
  const onScales = compared.filter(({ outcome }) => scales.has(outcome));
  const chosen = declared ? ofAnalysis : onScales.length > 0 ? onScales : compared;
  const effects = [
    ...Map.groupBy(chosen, ({ outcome, effect }) => JSON.stringify([outcome, effect])).values(),
  ];
  const all = [
    effects.flatMap((effect) => effect.map(alone)),
    effects.flatMap((effect) =>
      effect.length > COMPARISONS_MAX ? joinedRows(effect, alpha) : effect.map(alone)
    ),
    effects.flatMap((effect) => joinedRows(effect, alpha)),
  ];
  const rows = all.find(({ length }) => length <= ROWS_MAX) ?? all.at(-1)!;
  const shown = rows.slice(0, ROWS_LAST);
  const left = rows.slice(ROWS_LAST).reduce((sum, row) => sum + row.tests.length, 0);
  return { rows: shown, left, declared, alpha };
}

function alone(test: AdjustedTest): HeadlineRow {
  return { tests: [test] };
}

/** The tests that find an effect, each in a row of its own; then the others in one row. */
function joinedRows(effect: readonly AdjustedTest[], alpha: number): readonly HeadlineRow[] {
  const found = (test: AdjustedTest) => test.adjusted !== null && test.adjusted < alpha;
  const others = effect.filter((test) => !found(test));
  return [...effect.filter(found).map(alone), ...others.length === 0 ? [] : [{ tests: others }]];
}

/** For each row, the interaction as a whole that begins with it; `null` for other rows. */
export function jointOfRows(
  rows: readonly HeadlineRow[],
  results: Pick<Results, "compared">,
): readonly (JointEffectTest | null)[] {
  const seen = new Set<JointEffectTest>();
  return rows.map(({ tests }) => {
    const found = jointOf(tests[0]!, results);
    if (found === undefined || seen.has(found)) return null;
    seen.add(found);
    return found;
  });
}
