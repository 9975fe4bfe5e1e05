import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT } from "../../../core/experiment/analysis_design.ts";
import type { Observation } from "../../outcomes/mod.ts";
import { judgementsOf, observationWith } from "../../outcomes/testing/mod.ts";
import { rowsOf } from "../testing/mod.ts";
import { humanCorpusSection } from "./human_corpus.ts";
import { runsComparedSection } from "./runs_compared.ts";

const RUNS = [{ run: "old", sources: { files: 3, sha256: "a".repeat(64) } }, { run: "new", sources: null }];

function observed(run: string, moderator: string, toxicity: number, end: Observation["end"] = "completed") {
  const judgements = [judgementsOf("toxicity", [toxicity])];
  const observation = observationWith({ run, factors: { moderator }, judgements, end }, 1);
  return { ...observation, conduct: { ...observation.conduct, commentWords: [20] } };
}

const OBSERVATIONS = [
  observed("old", "none", 3),
  observed("old", "none", 5),
  observed("old", "none", 9, "aborted"),
  observed("new", "none", 4),
  observed("new", "none", 10),
  observed("new", "strict", 1),
];

const sectionOf = (runs: typeof RUNS) =>
  runsComparedSection(runs, OBSERVATIONS, { analysis: ANALYSIS_DEFAULT, seed: "42" });

Deno.test("runsComparedSection() compares the completed discussions of the first run with the second run's", () => {
  const rows = rowsOf(sectionOf(RUNS)!, "runs-compared-outcomes");
  const shown = rows.map((
    row,
  ) => [row.outcome, row.discussions, row.first_n, row.second_n, row.first_mean, row.difference]);
  // The first run has the mean 4. The second has the mean 5 (of 4, 10 and 1), or 7 (of 4 and 10) at the level "none".
  assert.deepEqual(shown, [
    ["toxicity", "all discussions", 2, 3, 4, 1],
    ["toxicity", "moderator: none", 2, 2, 4, 3],
  ]);
  // SciPy: wasserstein_distance([3, 5], [4, 10, 1]). By hand: from 3 to 4 and from 5 to 10.
  assert.ok(Math.abs(Number(rows[0]!.distance) - 8 / 3) < 1e-12);
  assert.equal(rows[1]!.distance, 3);
});

Deno.test("runsComparedSection() names imported runs, and levels that one run lacks", () => {
  const texts = sectionOf(RUNS)!.blocks.map((block) => "text" in block ? block.text : "");
  assert.match(
    texts[0]!,
    /compares old \(2 completed discussions, imported\) with new \(3 completed discussions\)\./,
  );
  assert.ok(texts.some((text) => text.startsWith("Only new has moderator strict.")));
});

Deno.test("runsComparedSection() tells levels apart whose factors and labels have the same words", () => {
  const observations = [
    { ...observed("old", "none", 3), factors: { "a b": "c" } },
    { ...observed("new", "none", 4), factors: { a: "b c" } },
  ] as Observation[];
  const { blocks } = runsComparedSection(RUNS, observations, { analysis: ANALYSIS_DEFAULT, seed: "42" })!;
  assert.ok(
    blocks.some((block) =>
      "text" in block && block.text.startsWith("Only old has a b c. Only new has a b c.")
    ),
  );
});

Deno.test("runsComparedSection() needs two runs", () => {
  for (const runs of [RUNS.slice(1), [...RUNS, { run: "third", sources: null }]]) {
    assert.equal(sectionOf(runs), null);
  }
});

Deno.test("runsComparedSection() warns of different scales with one name", () => {
  const { scale } = judgementsOf("toxicity", []);
  const rescaled = { ...judgementsOf("toxicity", [40]), scale: { ...scale, max: 100 } as typeof scale };
  const observations = [
    observed("old", "none", 3),
    observationWith({ run: "new", judgements: [rescaled] }, 1),
  ];
  const section = runsComparedSection(RUNS, observations, { analysis: ANALYSIS_DEFAULT, seed: "42" })!;
  const texts = section.blocks.map((block) => "text" in block ? block.text : "");
  assert.ok(
    texts.some((text) => text.startsWith("The scales of old and of new differ: toxicity (max: 10 → 100).")),
  );
  const same = sectionOf(RUNS)!.blocks.map((block) => "text" in block ? block.text : "");
  assert.ok(!same.some((text) => text.startsWith("The scales of")));
});

Deno.test("humanCorpusSection() compares what both corpora have, over all discussions and at each level", () => {
  const corpus = {
    name: "forum",
    observations: [
      observed("forum", "none", 3),
      observed("forum", "none", 6),
      observed("forum", "none", 0, "aborted"),
    ],
  };
  const comparing = { analysis: ANALYSIS_DEFAULT, order: {}, seed: "42" };
  const own = OBSERVATIONS.filter(({ run }) => run === "new");
  assert.equal(humanCorpusSection(null, own, comparing), null);
  const section = humanCorpusSection(corpus, own, comparing)!;
  const rows = rowsOf(section, "human-distances").filter(({ measure }) => measure === "toxicity");
  // By hand: 4, 10 and 1 against 3 and 6; the distribution functions differ most between 6 and 10, and from 1 to 3.
  assert.deepEqual(
    rows.map((
      { group, counted, values, people_values, people_mean },
    ) => [group, counted, values, people_values, people_mean]),
    [
      ["all discussions", "comments of participants", 3, 2, 4.5],
      ["none", "comments of participants", 2, 2, 4.5],
      ["strict", "comments of participants", 1, 2, 4.5],
    ],
  );
  assert.ok(Math.abs(Number(rows[0]!.kolmogorov_smirnov) - 1 / 3) < 1e-12);
  // 1/3 from 1 to 3, 1/6 from 3 to 4, 1/6 from 4 to 6, 1/3 from 6 to 10.
  assert.ok(Math.abs(Number(rows[0]!.wasserstein) - 2.5) < 1e-12);
  assert.ok(section.blocks.some((block) => block.kind === "figure" && block.table.id === "human-toxicity"));
});

Deno.test("humanCorpusSection() shows how well a classifier tells both apart, with the clearest feature first", () => {
  const sectionWith = (people: number) => {
    const [own, observations] = ([["new", 6, 12], ["forum", 0, people]] as const).map(([run, from, count]) =>
      Array.from({ length: count }, (_, at) => observed(run, "none", from + at % 5))
    );
    const comparing = { analysis: ANALYSIS_DEFAULT, order: {}, seed: "42" };
    return humanCorpusSection({ name: "forum", observations: observations! }, own!, comparing)!;
  };
  const section = sectionWith(12);
  const [row] = rowsOf(section, "human-classifier");
  const { group, features, models, people, accuracy, p } = row!;
  assert.deepEqual([group, features, models, people, accuracy, p], [
    "all discussions",
    "all",
    12,
    12,
    1,
    0.001,
  ]);
  const [first] = rowsOf(section, "human-features");
  assert.deepEqual([first!.feature, first!.delta], ["toxicity", 1]);
  assert.match(
    JSON.stringify(rowsOf(sectionWith(9), "human-classifier")[0]!.accuracy),
    /fewer than 10 discussions/,
  );
});
