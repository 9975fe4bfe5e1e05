/** Chooses the tests that the first page shows, and the rows of its table. */
import type { AdjustedTest, JointEffectTest, OutcomeComparisons } from "../../outcomes/mod.ts";
import { isUnavailable } from "../../statistics/unavailable.ts";
import type { Results } from "./effect_results.ts";
import { jointOf } from "./joint_texts.ts";

/** If there are at most this many tests, each has a row of its own on the first page. */
const ROWS_MAX = 12;

/** If rows must be saved, effects with more comparisons than this are the first to get a single row. */
const COMPARISONS_MAX = 3;

/** The first page has at most this many rows. If there are more effects, some are left out. */
const ROWS_LAST = 40;

/** A row of the first page. It has one test, or all tests of one effect on one outcome that find nothing. */
export type HeadlineRow = Readonly<{ tests: readonly AdjustedTest[] }>;

/** The tests that the first page shows. */
export type Headline = Readonly<{
  rows: readonly HeadlineRow[];
  /** How many tests did not fit. */
  left: number;
  /** Whether the tests are the tests of the analysis. If not, they are comparisons that no analysis names. */
  declared: boolean;
  /** The threshold: a test finds an effect if its adjusted p is smaller. */
  alpha: number;
}>;

/**
 * Chooses the tests of the first page: the tests of the analysis. If there are none, it shows the comparisons
 * of two levels on annotated scales, or else on all outcomes. If there are too many tests, the tests of an
 * effect that find nothing share a row.
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

/** The rows of an effect: first a row for each test that finds an effect, then one row for all other tests. */
function joinedRows(effect: readonly AdjustedTest[], alpha: number): readonly HeadlineRow[] {
  const found = (test: AdjustedTest) => test.adjusted !== null && test.adjusted < alpha;
  const others = effect.filter((test) => !found(test));
  return [...effect.filter(found).map(alone), ...others.length === 0 ? [] : [{ tests: others }]];
}

/** For each row that is the first of an interaction, the joint test of this interaction; `null` for other rows. */
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
