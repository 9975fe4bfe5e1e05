/** Makes tests of the cases that every implementation of a port must pass. */

/** Cases that an implementation cannot pass, and why. */
export type SkippedCases = Readonly<{ reason: string; tests: readonly string[] }>;

export type ConformanceCase = Readonly<{ name: string; ignore: boolean; fn: () => Promise<void> }>;

/** The cases as tests. Each test gets a new harness. */
export function conformanceCases<Harness extends Readonly<{ cleanup: () => Promise<void> }>>(
  name: string,
  cases: Readonly<Record<string, (harness: Harness) => Promise<void>>>,
  { makeHarness, skip = [] }: Readonly<
    { makeHarness: () => Promise<Harness>; skip?: readonly SkippedCases[] }
  >,
): readonly ConformanceCase[] {
  const reasons = new Map(skip.flatMap(({ reason, tests }) => tests.map((test) => [test, reason])));
  for (const test of reasons.keys()) {
    if (!Object.hasOwn(cases, test)) throw new RangeError(`Cannot skip "${test}": there is no such case`);
  }
  return Object.entries(cases).map(([test, run]) => {
    const reason = reasons.get(test);
    return {
      name: `${name}: ${test}${reason === undefined ? "" : ` (skipped: ${reason})`}`,
      ignore: reason !== undefined,
      fn: async () => {
        const harness = await makeHarness();
        try {
          await run(harness);
        } finally {
          await harness.cleanup();
        }
      },
    };
  });
}
