/** Measures planning. Target: 30,000 discussions a second, however large the plan is. */
import { memorySources } from "../ports/mod.ts";
import { builtInExtensions, parseExperiment, planDiscussions, readDocument } from "./mod.ts";

const personas = Array.from(
  { length: 200 },
  (_, index) => ({ name: `Person ${index}`, age: 20 + index % 60 }),
);

function experiment(extra: string) {
  return parseExperiment(
    readDocument(
      `{ name: bench, seed: 1, models: { m: { adapter: scripted } }, discussion: { turns: 10 }, ${extra} }`,
      "bench.yaml",
    ),
    {
      sources: memorySources({ "personas.json": JSON.stringify(personas) }),
      extensions: builtInExtensions(["scripted"]),
    },
  );
}

const participants = "model: m, personas: personas.json, count: 5";
const moderators = "moderators: { kind: { model: m, schedule: every-turn } }";
const design = "design: { factors: { moderator: [none, kind] }, replications: 50_000 }";

const plain = planDiscussions(
  await experiment(`participants: { ${participants} }, ${moderators}, ${design.replace("_", "")}`),
);
const full = planDiscussions(
  await experiment(
    `participants: { ${participants}, roles: [{ name: troll, probability: 0.3, instructions: x }] }, ` +
      `openings: [[One, Two], Three], ${moderators}, ` +
      `${design.replace("_", "").replace("design: {", "design: { vary: { discussion.history: [1, 3] },")}`,
  ),
);

let next = 0;
Deno.bench("planDiscussions(): at() of 100,000, personas only (baseline)", { baseline: true }, () => {
  plain.at(next++ % plain.size);
});
Deno.bench("planDiscussions(): at() of 100,000, with roles, openings and a varied value", () => {
  full.at(next++ % full.size);
});
