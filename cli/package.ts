/** Builds the npm package as a tarball. Usage: deno task package [FOLDER] */
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "npm:typescript@6.0.3";
import { LIBRARY_PACKAGES } from "../adapters/models/llama/library_packages.ts";
import { buildBundles } from "../adapters/viewer/bundles.ts";
import { VERSION } from "../core/version.ts";
import { PROGRAM } from "./shared/program.ts";

const PROJECT = fileURLToPath(new URL("../", import.meta.url));

/** The folders of the package. Files that match `NOT_SHIPPED` are only for developers, so they are not in the package. */
const FOLDERS = ["core", "analysis", "adapters", "cli"];
const NOT_SHIPPED =
  /_(?:test|bench|conformance)\.tsx?$|\/testing\/|^(?:cli\/(?:docs|install|package)|adapters\/viewer\/bundles)\.ts$/;

/**
 * Large packages, each with what it is for. Users install one of them only when an experiment or a command needs it.
 * `deno` is among them, because users may have Deno from another source.
 */
const OPTIONAL = new Map<string, string>([
  ["@huggingface/transformers", "local models"],
  ...Object.values(LIBRARY_PACKAGES).map((specifier) =>
    [specifier.replace(/^npm:|@[^@]+$/g, ""), "local models in GGUF files"] as const
  ),
  ["@duckdb/node-api", "SQL and exports of tables"],
  ["deno", "the program"],
]);
const DENO_VERSION = "2.9.6";

/** Newer language features that Node.js 20 lacks, by their paths in core-js. */
const CORE_JS_VERSION = "3.51.0";
const FEATURES = [
  ...["array/from-async", "map/group-by", "object/group-by", "promise/try", "promise/with-resolvers"],
  ...[
    "regexp/escape",
    "iterator/index",
    "set/index",
    "disposable-stack/index",
    "async-disposable-stack/index",
  ],
];

/** The modules that other programs import. */
const EXPORTS = { ".": "./mod.js", "./analysis": "./analysis/mod.js" };

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  jsx: ts.JsxEmit.ReactJSX,
  lib: ["lib.esnext.d.ts", "lib.dom.d.ts"],
  strict: true,
  declaration: true,
};

/** The packages that the files import: name → version. */
const packages = new Map([["core-js", CORE_JS_VERSION], ["deno", DENO_VERSION]]);

async function* filesIn(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(join(PROJECT, folder))) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* filesIn(path);
    else if (/\.tsx?$/.test(name) && !NOT_SHIPPED.test(path)) yield path;
  }
}

/** The source with the names of an npm package: `yaml` for `npm:yaml@2.9.1`, and `./a.js` for `./a.ts`. */
function renamed(source: string): string {
  return source
    .replaceAll(/npm:((?:@[\w-]+\/)?[\w.-]+)@(\d[\w.-]*)/g, (_, name: string, version: string) => {
      packages.set(name, version);
      return name;
    })
    .replaceAll(/(\b(?:from|import|import\(|new URL\()\s*"\.{1,2}\/[^"\n]*)\.tsx?"/g, '$1.js"');
}

/** Writes the JavaScript and the declarations of all shipped files into a folder. */
async function compileInto(folder: string): Promise<void> {
  const sources = new Map<string, string>();
  for (
    const path of [
      "mod.ts",
      ...(await Promise.all(FOLDERS.map(async (one) => await Array.fromAsync(filesIn(one))))).flat(),
    ]
  ) {
    sources.set(join(folder, path), renamed(await Deno.readTextFile(join(PROJECT, path))));
  }
  const entries = new Set(Object.values(EXPORTS).map((path) => join(folder, path)));
  const host = ts.createCompilerHost(OPTIONS);
  const { readFile, fileExists } = host;
  host.readFile = (path) => sources.get(path) ?? readFile(path);
  host.fileExists = (path) => sources.has(path) || fileExists(path);
  host.directoryExists = undefined;
  host.writeFile = (path, text) => {
    const features = `import "./${relative(dirname(path), join(folder, "features.js"))}";\n`;
    Deno.mkdirSync(dirname(path), { recursive: true });
    Deno.writeTextFileSync(path, entries.has(path) ? features + text : text);
  };
  ts.createProgram([...sources.keys()], OPTIONS, host).emit();
  await Deno.writeTextFile(
    join(folder, "features.js"),
    FEATURES.map((path) => `import "core-js/actual/${path}.js";\n`).join(""),
  );
}

/** The content of `package.json`. Call it after `compileInto()`, which collects the packages. */
function description(): Record<string, unknown> {
  const sorted = [...packages].sort(([a], [b]) => a < b ? -1 : 1).filter(([name]) =>
    !name.startsWith("@types/")
  );
  const isOptional = ([name]: readonly [string, string]) => OPTIONAL.has(name);
  return {
    name: "@syndisco/syndisco",
    version: VERSION,
    description: "Runs discussions among language-model agents, and analyses them",
    license: "MIT",
    type: "module",
    engines: { node: ">=20" },
    bin: { [PROGRAM]: "cli/start_on_node.js" },
    exports: Object.fromEntries(
      Object.entries(EXPORTS).map((
        [name, path],
      ) => [name, { types: path.replace(/\.js$/, ".d.ts"), default: path }]),
    ),
    dependencies: Object.fromEntries(sorted.filter((entry) => !isOptional(entry))),
    peerDependencies: Object.fromEntries(sorted.filter(isOptional)),
    peerDependenciesMeta: Object.fromEntries([...OPTIONAL.keys()].map((name) => [name, { optional: true }])),
  };
}

const target = Deno.args[0] ?? join(PROJECT, "dist");
const folder = await Deno.makeTempDir();
try {
  await compileInto(folder);
  await buildBundles(join(folder, "adapters", "viewer", "bundle"));
  await Deno.writeTextFile(join(folder, "package.json"), `${JSON.stringify(description(), null, 2)}\n`);
  for (const name of ["README.md", "LICENSE", "CHANGELOG.md", "CITATION.cff"]) {
    await Deno.copyFile(join(PROJECT, name), join(folder, name));
  }
  Deno.mkdirSync(target, { recursive: true });
  const { code } = await new Deno.Command("npm", {
    args: ["pack", "--silent", "--pack-destination", await Deno.realPath(target)],
    cwd: folder,
  }).spawn().status;
  if (code !== 0) Deno.exit(code);
} finally {
  await Deno.remove(folder, { recursive: true });
}
