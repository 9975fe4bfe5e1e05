import assert from "node:assert/strict";
import { importsOf } from "./imports.ts";

function specifiersOf(text: string, name = "rule.ts"): (string | null)[] {
  return importsOf(text, name).map(({ specifier }) => specifier).sort();
}

Deno.test("importsOf() finds the forms in which TypeScript can import a file", () => {
  const text = `import type { A } from './a.ts';
import { type B, c } from './b.ts';
import d from './d.json' with { type: "json" };
export * from './e.ts';
export type { F } from './f.ts';
import './g.ts';
type H = import('./h.ts').H;
const i = await import('./i.ts');
const j = await import(\`./j.ts\`);
import source k from './k.wasm';
import l = require('./l.cjs');
const m = new Worker(new URL("./m.ts", import.meta.url));
const url = new URL("m.md", import.meta.url);
const n = import.meta.resolve("./n.ts");
const o = \`\${await import('./o.ts')}\`;
import zod from 'npm:zod';
`;
  const local = [..."abcdefghijklmno"].filter((letter) => letter !== "c")
    .map((letter) => `./${letter}.${{ d: "json", k: "wasm", l: "cjs" }[letter] ?? "ts"}`);
  assert.deepEqual(specifiersOf(text), [...local, "./m.md", "npm:zod"].sort());
});

Deno.test("importsOf() is not misled by comments, texts, regular expressions and types", () => {
  const text = `// import './no.ts'
/* import('./no.ts') */
const a = "import './no.ts'", b = \`import('./no.ts')\`;
const c = /import '.\\/no.ts'/;
const d = <T,>(x: T) => x as unknown as Map<string, /* import './no.ts' */ number>;
const e = { import: 1, from: "./no.ts" };
@sealed class F { accessor import = "./no.ts"; declare from: string }
export const g = 1;
`;
  assert.deepEqual(specifiersOf(text), []);
});

Deno.test("importsOf() reports imports with a computed name, with their lines", () => {
  const text = "const a = 1;\nawait import('./' + a);\nrequire(a);\nnew URL(a, import.meta.url);\n";
  assert.deepEqual(
    importsOf(text, "rule.js").map(({ specifier, line }) => [specifier, line])
      .sort(),
    [[null, 2], [null, 3], [null, 4]],
  );
});

Deno.test('importsOf() reads the attribute "type" of imports', () => {
  const text = "import a from './a' with { type: 'json' }; await import('./b', { with: { type: 'text' } });";
  const types = new Map(importsOf(text, "rule.js").map(({ specifier, type }) => [specifier, type]));
  assert.deepEqual([types.get("./a"), types.get("./b")], ["json", "text"]);
});

Deno.test("importsOf() reads markup in .tsx and old type assertions in .ts", () => {
  assert.deepEqual(specifiersOf("import './a.ts'; const b = <p>import './no.ts'</p>;", "a.tsx"), ["./a.ts"]);
  assert.deepEqual(specifiersOf("import './a.ts'; const b = <string>c;", "a.ts"), ["./a.ts"]);
});

/** The lines that can lead to any file. */
function openLines(text: string): number[] {
  return [...new Set(importsOf(text, "rule.ts").map(({ line }) => line))].sort((a, b) => a - b);
}

const LINES_THAT_LOAD_ANY_FILE = `eval(a);
new Function(a);
Function(a);
globalThis.eval(a);
(0, eval)(a);
eval?.(a);
const F = Function; F(a);
const r = require; r(a);
[eval].map((run) => run(a));
Function.call(null, a);
globalThis["eval"](a);
const { eval: e } = globalThis;
const g = globalThis; g.eval(a);
globalThis[a](b);
(globalThis as any).eval(a);
self.eval(a);
module.require(a);
process.getBuiltinModule("module");
process["getBuiltinModule"](a);
const { getBuiltinModule: get } = process;
import { getBuiltinModule as got } from "node:process";
new Worker(a);
new Worker(require("./a.js"));
new Worker("data:text/javascript,1", { type: "module" });
const W = Worker; new W(a);
new self.Worker(a);
Deno.dlopen(a, {});
const H = class extends Function {};
const cast = (Function as unknown)!;`;

Deno.test("importsOf() reports each way to run text as code, or to load a file by a computed name", () => {
  for (const [index, line] of LINES_THAT_LOAD_ANY_FILE.split("\n").entries()) {
    const found = openLines(`${"\n".repeat(index)}${line}`);
    assert.deepEqual(found, [index + 1], line);
    assert.ok(importsOf(line, "rule.ts").some(({ specifier }) => specifier === null), line);
  }
});

Deno.test("importsOf() does not report a name such as eval in a type or a comparison, or as a member of another object", () => {
  const text = `class Function2 { evaluate() { return this.eval("import"); } require() {} eval = 1; }
const f = (g: Function) => g.eval(a) instanceof Function;
const h = { require: true, Worker: 1 }; h.require; h.Worker;
type T = { eval: string; Function: typeof Worker; make(require: string): Worker };
interface I extends Function {} class J implements Worker {}
typeof Worker === "undefined"; globalThis.name; globalThis["name"]; type G = typeof globalThis;
`;
  assert.deepEqual(openLines(text), []);
});

Deno.test("importsOf() names the file of a worker and of require()", () => {
  const text =
    'new Worker(new URL("./a.ts", import.meta.url)); new Worker(import.meta.resolve("./b.ts")); require("./c");';
  assert.deepEqual(specifiersOf(text), ["./a.ts", "./b.ts", "./c"]);
});
