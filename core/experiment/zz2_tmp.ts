import { readDocument } from "./document.ts";
import { readCsv } from "./csv.ts";
import {
  builtInExtensions,
  experimentDocument,
  experimentFingerprint,
  extensionPathsOf,
  parseExperiment,
  planDiscussions,
} from "./mod.ts";
import { memorySources } from "../ports/mod.ts";
const bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" +
  [..."bcdefgh"].map((c, i) => `${c}: &${c} [${Array(9).fill("*" + "abcdefg"[i]).join(",")}]`).join("\n");
for (
  const t of [
    "",
    "a: *x",
    "a: &x\n  b: *x",
    "&x [*x]",
    "[".repeat(200) + "]".repeat(200),
    "[".repeat(20000),
    bomb,
    "{[a,b]: 1}",
    "a: .nan",
    "? a\n: b",
    "__proto__: {x: 1}",
    "a: !foo 1",
    "a: 1\n---\nb: 1",
    "\ta: 1",
    "a: 'x",
    "a: 1\na: 2",
  ]
) {
  const d = readDocument(t, "f");
  console.log(
    JSON.stringify(t.slice(0, 30)),
    d.complete,
    d.problems.map((p) => `${p.line}:${p.column} ${p.message}`),
    d.complete ? JSON.stringify(d.value) : "",
  );
}
for (
  const t of [
    "",
    "name",
    "name,age\nA,1\n",
    '"name","a""b"\r\n"A\r\nB",2\r\nC,3,4\r\n',
    'name\n"A',
    "name,name\nA,B",
    'name\nA"b\n',
    "\ufeffname;x\n1;2",
  ]
) {
  const d = await readCsv(t, "f.csv");
  console.log(
    JSON.stringify(t),
    JSON.stringify(d.value),
    d.problems.map((p) => `${p.line} ${p.message}`),
    d.placeOf([1]),
  );
}
const many = Array.from(
  { length: 10000 },
  (_, i) => ({ name: `P${i}`, a: 1, b: "x", c: ["d", "e"], d: 1, e: 2, f: 3 }),
);
async function p(text: string, files: Record<string, string> = {}) {
  const t = performance.now();
  let r;
  try {
    r = await parseExperiment(text, {
      file: "e",
      sources: memorySources(files),
      extensions: builtInExtensions(["scripted"]),
    });
  } catch (e: any) {
    r = e;
  }
  console.log(
    (performance.now() - t).toFixed(0) + " ms",
    r instanceof Error ? r.name + r.message.slice(0, 1500) : r.conditions.length,
  );
  return r;
}
const base = "name: n\nseed: 1\nmodels: {m: {adapter: scripted}}\ndiscussion: {turns: 5}\n";
await p(base + "participants: {model: m, personas: p.json, count: 5}", { "p.json": JSON.stringify(many) });
await p(base + "participants: {model: m, personas: p.yaml, count: 5}", {
  "p.yaml": JSON.stringify(many.slice(0, 2000)),
});
const ten = "[1,2,3,4,5,6,7,8,9,10]";
await p(
  base +
    `participants: {model: m, personas: p.json, count: 5}\ndesign: {factors: {discussion.turns: ${ten}, discussion.history: ${ten}, participants.count: ${ten}}, vary: {models.m.maxTokens: ${ten}}}`,
  { "p.json": JSON.stringify(many.slice(0, 500)) },
);
await p(
  base +
    `participants: {model: m, personas: p.json, count: 5}\ndesign: {factors: {discussion.turns: ${ten}, discussion.history: ${ten}, participants.count: ${ten}}, vary: {models.m.maxTokens: ${ten}}}`,
  { "p.json": JSON.stringify(many.slice(0, 9)) },
);
await p(
  base +
    `participants: {model: m, personas: p.json, count: 5}\ndesign: {factors: {discussion.turns: ${ten}, discussion.history: ${ten}, participants.count: ${ten}}, vary: {models.m.maxTokens: ${ten}, models.m.topP: [0.1, 0.2]}}`,
  { "p.json": JSON.stringify(many.slice(0, 9)) },
);
await p(
  base +
    `participants: {model: m, personas: []}\nopenings: [[], '', {text: 3}, {txt: x}]\ndesign: {factors: {seed: [1,2], discussion.turnTaking.probability: [1], participants: [{label: x, value: 3}], participants.count: [2], "": [1], discussion.turns: 3, discussion.history: [], discussion.layout: [[1], {value: 3}, {label: "", value: dialogue}]}}`,
);
await p(
  base +
    `participants: {model: m, personas: [{name: A},{name: Moderator}], roles: [{name: a, count: 2, instructions: x},{name: b, count: 1, instructions: x}], pinned: [A, A]}\nmoderators: {k: {model: m, schedule: {threshold: {signal: lenght, above: x, foo: 1}}}, l: {model: m}, none: {model: m, schedule: every}, o: {model: m, schedule: {every: x}},q: {model: m, schedule: {schedule: every, n: 0}}, z: {model: m, schedule: {threshold: {signal: words, above: 1}}}}\nmoderator: k\ndesign: {factors: {moderator: [none, k, l], discussion.turnTaking: [{label: x, value: {strategy: mention, fallback: {strategy: respond}}}, {label: y, value: {strategy: mention, fallback: mention}},{label: z, value: {strategy: mention, fallbck: random}}, {label: zz, value: {stratgy: random}}, 3, ./x.ts, {label: q, value: {strategy: my.js, a: 1}}]}}`,
);
console.log(
  extensionPathsOf(
    `models: {a: {adapter: ./a.ts}}\ndiscussion: {turnTaking: {strategy: mention, fallback: b.js}}\nmoderators: {x: {schedule: {schedule: ../c.ts, k: 1}}}\ndesign: {vary: {discussion.turnTaking: [./d.mjs, random]}}`,
  ),
);
