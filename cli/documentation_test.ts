/** Checks the links, paths and versions in the documents. */
import assert from "node:assert/strict";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { readExperiment } from "../adapters/local/mod.ts";
import { VERSION } from "../core/version.ts";
import { documents } from "./testing/documents.ts";
import { SMALL } from "./testing/experiments.ts";

const PROJECT = fileURLToPath(new URL("../", import.meta.url));

/** A path is checked if it begins with one of these folders. Other words with a slash are not checked. */
const FOLDERS = /^(?:adapters|analysis|cli|core|docs|examples|fixtures)\//;

/** The folders that the documented commands write to. */
const WRITTEN = /^(?:runs|exported|reports|models|dist)\//;

const texts = new Map(
  await Promise.all(
    documents().map(async (path) => [path, await Deno.readTextFile(join(PROJECT, path))] as const),
  ),
);

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(join(PROJECT, path)).then(() => true, () => false);
}

/** The text without blocks of code, because brackets and backticks have other meanings there. */
function prose(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, "");
}

/** The anchors that a code host gives to the headings of a document. */
function anchorsOf(text: string): ReadonlySet<string> {
  return new Set(
    [...prose(text).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
      heading!.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-")
    ),
  );
}

Deno.test("every relative link leads to a file and a heading that exist", async () => {
  const broken: string[] = [];
  for (const [path, text] of texts) {
    for (const [, target, hash] of prose(text).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)) {
      const to = target === "" ? path : normalize(join(dirname(path), target!));
      if (!await exists(to)) broken.push(`${path}: ${target}`);
      else if (hash !== undefined && texts.has(to) && !anchorsOf(texts.get(to)!).has(hash)) {
        broken.push(`${path}: ${target}#${hash}`);
      }
    }
  }
  assert.deepEqual(broken, []);
});

Deno.test("every Python example reads CSV files so that a text such as NA stays a text", () => {
  const examples = [...texts].flatMap(([path, text]) =>
    [...text.matchAll(/^```python$([\s\S]*?)^```$/gm)].map(([, code]) => ({ path, code: code! }))
  );
  const reading = examples.filter(({ code }) => code.includes("read_csv("));
  assert.ok(reading.length >= 3);
  const wrong = reading.filter(({ code }) => {
    const calls = code.match(/read_csv\(.*$/gm)!;
    const shared = /^reading = .*keep_default_na.*na_values/m.test(code)
      ? /\*\*reading/
      : /keep_default_na=False, na_values=\[""\]/;
    return !calls.every((call) => shared.test(call));
  });
  assert.deepEqual(wrong.map(({ path }) => path), []);
});

Deno.test("no document has marks of an unfinished merge", () => {
  const marked = [...texts].filter(([, text]) => /<{7} |>{7} /.test(text)).map(([path]) => path);
  assert.deepEqual(marked, []);
});

Deno.test("every path that a document names exists", async () => {
  const missing: string[] = [];
  for (const [path, text] of texts) {
    if (path === "CHANGELOG.md") continue;
    const named = [...text.matchAll(/(?<![\w./-])((?:[\w.-]+\/)+[\w.-]*)/g)]
      .map(([, found]) => found!.replace(/\.$/, ""))
      .filter((found) => FOLDERS.test(found) && !WRITTEN.test(found));
    for (const name of new Set(named)) {
      if (!await exists(name)) missing.push(`${path}: ${name}`);
    }
  }
  assert.deepEqual(missing, []);
});

Deno.test("the README has at most 150 lines", () => {
  assert.ok(texts.get("README.md")!.trimEnd().split("\n").length <= 150);
});

Deno.test("VERSION is the version in deno.json, CITATION.cff and the changelog", async () => {
  assert.equal(JSON.parse(await Deno.readTextFile(join(PROJECT, "deno.json"))).version, VERSION);
  assert.match(
    await Deno.readTextFile(join(PROJECT, "CITATION.cff")),
    new RegExp(`^version: ${VERSION}$`, "m"),
  );
  assert.match(texts.get("CHANGELOG.md")!, new RegExp(`^## ${VERSION}`, "m"));
});

Deno.test("the experiment file accepts every model of the list", async () => {
  const page = texts.get("docs/reference/local_models_list.md")!;
  const blocks = [...page.matchAll(/```yaml\n([^`]+)```/g)].map(([, block]) => block!);
  assert.equal(blocks.length, 2);
  for (const block of blocks) {
    const models = block.replaceAll(/^/gm, "  ").trimEnd();
    const text = SMALL.replace(/^models: .*$/m, `models:\n  m: { adapter: scripted }\n${models}`);
    await readExperiment({ path: "list.yaml", text, folder: "/" }, { lookForModels: false });
    await assert.rejects(
      readExperiment({ path: "list.yaml", text: text.replace("model: ", "modle: "), folder: "/" }, {
        lookForModels: false,
      }),
      /models\.smollm2-135m\.modle: unknown key/,
    );
  }
});
