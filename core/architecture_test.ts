/** The rules of this repository, as tests. A failure says what to write instead. */
import assert from "node:assert/strict";
import { basename, dirname, join, normalize } from "node:path";

const ROOT = join(import.meta.dirname!, "..");
const LAYERS = ["core", "analysis", "adapters", "cli"] as const;
const LINES_MAX = 300;

type SourceFile = Readonly<{ path: string; text: string; code: string }>;

/** Folders that runs, builds and package managers leave behind. */
const NO_SOURCES: ReadonlySet<string> = new Set(["coverage", "dist", "node_modules", "runs"]);

/** Removes comments, because their words and the imports of their examples do not count. */
function withoutComments(text: string): string {
  return text.split("\n").map((line) => /^\s*(?:\/\/|\/\*|\*)/.test(line) ? "" : line).join("\n");
}

async function* sourcesUnder(folder: string): AsyncGenerator<SourceFile> {
  for await (const { name, isDirectory } of Deno.readDir(join(ROOT, folder))) {
    const path = folder === "." ? name : `${folder}/${name}`;
    if (name.startsWith(".") || NO_SOURCES.has(path)) continue;
    if (isDirectory) yield* sourcesUnder(path);
    else if (name.endsWith(".ts") || name.endsWith(".tsx")) {
      const text = await Deno.readTextFile(join(ROOT, path));
      yield { path, text, code: withoutComments(text) };
    }
  }
}

const SOURCES = (await Array.fromAsync(sourcesUnder("."))).sort((a, b) => a.path < b.path ? -1 : 1);

const isTest = ({ path }: SourceFile) =>
  /_(?:test|bench|conformance)\.tsx?$/.test(path) || path.includes("/testing/");

const IMPORT = /\b(?:from|import)\s*\(?\s*"([^"]+)"/g;

function importsOf({ code }: SourceFile): string[] {
  return [...code.matchAll(IMPORT)].map(([, specifier]) => specifier!);
}

/** The repository's own files that a file imports. */
function neighboursOf(file: SourceFile): string[] {
  return importsOf(file).filter((specifier) => specifier.startsWith("."))
    .map((specifier) => normalize(join(dirname(file.path), specifier)))
    .filter((path) => /\.tsx?$/.test(path));
}

function layerOf(path: string): number {
  return LAYERS.findIndex((layer) => path.startsWith(`${layer}/`));
}

function assertNone(findings: readonly string[], rule: string): void {
  assert.equal(findings.length, 0, `${rule}\n  ${findings.join("\n  ")}`);
}

Deno.test("imports go core <- analysis <- adapters <- cli, never back", () => {
  const back = SOURCES.flatMap((file) =>
    neighboursOf(file)
      .filter((path) =>
        layerOf(file.path) !== -1 && (layerOf(path) === -1 || layerOf(path) > layerOf(file.path))
      )
      .map((path) => `${file.path} imports ${path}`)
  );
  assertNone(
    back,
    "Pass in what core or an adapter needs from an outer layer, through a port of core/ports:",
  );
});

Deno.test("files do not import each other in circles, not even types", () => {
  const graph = new Map(SOURCES.map((file) => [file.path, neighboursOf(file)]));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, above: readonly string[]): void => {
    if (above.includes(path)) circles.push([...above.slice(above.indexOf(path)), path].join(" -> "));
    if (done.has(path) || above.includes(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...above, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  assertNone(circles, "Move what both files need into a third file that imports neither:");
});

Deno.test("folders do not import each other in circles", () => {
  const graph = new Map<string, Set<string>>();
  for (const file of SOURCES.filter((file) => layerOf(file.path) !== -1 && !isTest(file))) {
    const folder = dirname(file.path);
    const others = neighboursOf(file).map((path) => dirname(path)).filter((other) => other !== folder);
    graph.set(folder, new Set([...graph.get(folder) ?? [], ...others]));
  }
  const reachable = (from: string): Set<string> => {
    const found = new Set<string>();
    const queue = [from];
    for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
      for (const next of graph.get(folder) ?? []) {
        if (!found.has(next)) queue.push(next);
        found.add(next);
      }
    }
    return found;
  };
  const reached = new Map([...graph.keys()].map((folder) => [folder, reachable(folder)]));
  const circles = new Set(
    [...reached].filter(([folder, all]) => all.has(folder)).map(([folder, all]) =>
      [...all].filter((other) => reached.get(other)?.has(folder)).sort().join(", ")
    ),
  );
  assertNone(
    [...circles],
    "Move what both folders need into the lower folder, or into a third folder that imports neither:",
  );
});

Deno.test("every imported file exists", () => {
  const paths = new Set(SOURCES.map(({ path }) => path));
  const lost = SOURCES.flatMap((file) =>
    neighboursOf(file).filter((path) => !paths.has(path))
      .map((path) => `${file.path} imports ${path}`)
  );
  assertNone(lost, "A file was moved or misspelt:");
});

const PINNED = /^npm:\/?((?:@[\w-]+\/)?[\w.-]+)@(\d+\.\d+\.\d+(?:-[\w.]+)?)(?:\/.*)?$/;

Deno.test("packages come from npm, each in one exact version", async () => {
  const { imports, name: own } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  const bare = SOURCES.filter((file) => !isTest(file)).flatMap((file) =>
    importsOf(file).filter((specifier) => specifier !== own)
      .filter((specifier) => /^(?:@[\w-]+\/)?\w[\w.-]*(?:\/[\w./-]+)?$/.test(specifier))
      .map((specifier) => `${file.path} imports ${specifier}`)
  );
  assertNone(
    bare,
    "A program elsewhere that imports mod.ts has no import map: import npm:<package>@<version> here:",
  );
  const wanted = [
    ...Object.values<string>(imports).map((specifier) => ({ path: "deno.json", specifier })),
    ...SOURCES.flatMap((file) =>
      [
        ...importsOf(file).filter((specifier) => /^(?:npm|jsr|https?):/.test(specifier)),
        ...isTest(file)
          ? []
          : [...file.text.matchAll(/["\s](npm:[\w@][^"\s]*)/g)].map(([, specifier]) => specifier!),
      ].map((specifier) => ({ path: file.path, specifier }))
    ),
  ];
  const loose = wanted.filter(({ specifier }) => !PINNED.test(specifier))
    .map(({ path, specifier }) => `${path}: ${specifier}`);
  assertNone(
    loose,
    "Write npm:<package>@<major.minor.patch>; many machines cannot reach other sources:",
  );
  const versions = Map.groupBy(wanted, ({ specifier }) => PINNED.exec(specifier)![1]!);
  const several = [...versions].flatMap(([name, uses]) => {
    const found = Map.groupBy(uses, ({ specifier }) => PINNED.exec(specifier)![2]!);
    return found.size === 1 ? [] : [...found].map(([version, [use]]) => `${name}@${version}: ${use!.path}`);
  });
  assertNone(several, "Use one version of each package:");
});

Deno.test("every task that runs code uses deno.lock", async () => {
  const { lock, tasks } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  // `deno task` fetches every package of the lock file that deno.json names, before it runs any task.
  assert.equal(lock, false);
  const without = Object.entries<string>(tasks).filter(([name, line]) =>
    name !== "install" && /\bdeno (?:run|test|bench|check|compile|doc)\b/.test(line) &&
    !line.includes("--lock=deno.lock")
  ).map(([name]) => name);
  assertNone(without, "Write --lock=deno.lock, so that everyone gets the same packages:");
});

/** Package → the only file that imports it; all other files import that file. */
const IMPORTED_ONCE = {
  "zod": "core/zod.ts",
  "@optique/core": "cli/shared/optique.ts",
  "@huggingface/jinja": "core/templates/jinja.ts",
};

Deno.test("only one file imports each package that many files use, so that the program starts quickly", () => {
  const others = Object.entries(IMPORTED_ONCE).flatMap(([name, path]) =>
    SOURCES.filter((file) =>
      file.path !== path && importsOf(file).some((other) => PINNED.exec(other)?.[1] === name)
    )
      .map((file) => `${file.path} imports ${name}, instead of ${path}`)
  );
  assertNone(others, "At each start, Deno looks up a package once for every file that imports it:");
});

/** What core must not use, and what to use instead. */
const IMPURE: readonly Readonly<{ pattern: RegExp; instead: string }>[] = [
  { pattern: /\bDeno\./, instead: "a port of core/ports, with its implementation in adapters" },
  { pattern: /"node:/, instead: "a port of core/ports, with its implementation in adapters" },
  { pattern: /\bfetch\(/, instead: "the port Model" },
  { pattern: /\bDate\.now\(|\bnew Date\(\)|\bperformance\./, instead: "now() of the port Clock" },
  { pattern: /\bset(?:Timeout|Interval|Immediate)\(/, instead: "sleep() of the port Clock" },
  { pattern: /\bMath\.random\(|\bcrypto\./, instead: "openDraw() with a seed and a name" },
  {
    pattern: /(?<![\w.])(?:globalThis|localStorage|navigator|process|window)\./,
    instead: "an argument",
  },
];

Deno.test("core and analysis are pure: no I/O, no clock, no randomness of their own", () => {
  const found = SOURCES.filter((file) => /^(?:core|analysis)\//.test(file.path) && !isTest(file)).flatMap((
    { path, code },
  ) =>
    code.split("\n").flatMap((line, index) =>
      IMPURE.filter(({ pattern }) => pattern.test(line))
        .map(({ instead }) => `${path}:${index + 1}: ${line.trim()}\n    instead: ${instead}`)
    )
  );
  assertNone(found, "Core must run unchanged in a browser, and give the same results at any time:");
});

Deno.test("analysis/statistics imports only itself and core/random", () => {
  const domain = SOURCES.filter((file) => file.path.startsWith("analysis/statistics/") && !isTest(file))
    .flatMap((file) =>
      neighboursOf(file).filter((path) => !/^(?:analysis\/statistics|core\/random)\//.test(path))
        .map((path) => `${file.path} imports ${path}`)
    );
  assertNone(
    domain,
    "Statistics are functions of plain numbers: turn events into numbers before calling them:",
  );
});

/** The files of adapters/stores that others may import. Only `mod.ts` and `folder_logs.ts` know of runs. */
const STORES_API = "mod.ts address.ts durable_files.ts folder_logs.ts lines.ts store_errors.ts verify_log.ts"
  .split(" ");

Deno.test("only adapters/stores knows the files of a run", () => {
  const others = SOURCES.filter((file) => /^(?:adapters|cli)\/(?!stores\/)/.test(file.path) && !isTest(file));
  const inner = others.flatMap((file) =>
    neighboursOf(file)
      .filter((path) => dirname(path) === "adapters/stores" && !STORES_API.includes(basename(path)))
      .map((path) => `${file.path} imports ${path}`)
  );
  const names = others.flatMap(({ path, code }) =>
    (code.match(/JsonlEventStore|"(?:manifest\.json|(?:run|log)\.jsonl|run\.lock|inputs)"/g) ?? [])
      .map((name) => `${path} contains ${name}`)
  );
  assertNone(
    [...inner, ...names],
    "A run can be in a folder or elsewhere. Use the port in core/ports/run.ts, or a function of adapters/stores/mod.ts:",
  );
});

Deno.test("only tests import files that are for tests", () => {
  const used = SOURCES.filter((file) => !isTest(file)).flatMap((file) =>
    neighboursOf(file).filter((path) => path.includes("/testing/") || /_(?:test|bench)\.ts$/.test(path))
      .map((path) => `${file.path} imports ${path}`)
  );
  assertNone(used, "Move what the program needs out of the folder testing/:");
});

Deno.test("every folder of core and analysis has a mod.ts", () => {
  const folders = new Set(
    SOURCES.filter(({ path }) => /^(?:core|analysis)\//.test(path)).map(({ path }) => dirname(path)),
  );
  folders.delete("core");
  const paths = new Set(SOURCES.map(({ path }) => path));
  const without = [...folders].filter((folder) => !paths.has(`${folder}/mod.ts`));
  assertNone(without, "In mod.ts, re-export by name what other folders use:");
});

Deno.test("file names are snake_case", () => {
  const others = SOURCES.map(({ path }) => path)
    .filter((path) =>
      !path.split("/").every((part) => /^[a-z0-9]+(?:_[a-z0-9]+)*(?:\.tsx?)?$|^[a-z0-9-]+$/.test(part))
    );
  assertNone(others, "Name files like_this.ts:");
});

Deno.test(`every file has at most ${LINES_MAX} lines`, () => {
  const long = SOURCES.map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
    .filter(({ lines }) => lines > LINES_MAX);
  assertNone(long.map(({ path, lines }) => `${path}: ${lines} lines`), "Split the file:");
});

Deno.test("folders are made at once, not in the background", () => {
  const late = SOURCES.filter((file) => !isTest(file) && /\bDeno\.mkdir\(/.test(file.code));
  assertNone(
    late.map(({ path }) => path),
    "Write Deno.mkdirSync(). Otherwise, a folder can appear again after a stop has removed it:",
  );
});

Deno.test("no file contains an absolute path of one machine", () => {
  const found = SOURCES.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, index) =>
      /["'`\s](?:\/home\/|\/root\/|\/Users\/|C:\\\\Users)/.test(line)
        ? [`${path}:${index + 1}: ${line.trim()}`]
        : []
    )
  );
  assertNone(found, "Write paths relative to the file that contains them:");
});
