/**
 * Checks that `deno compile` completes, and embeds the files that the binary needs. Some machines cannot download the
 * runtime for binaries. So the test uses Deno's executable as the runtime, and does not start the binary.
 */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { inFolder } from "../adapters/testing/in_folder.ts";

const PROJECT = fileURLToPath(new URL("../", import.meta.url));

const EMBEDDED = [
  ...[
    "text_worker.ts",
    "batch_worker.ts",
    "comparison_worker.ts",
    "index_worker.ts",
    "query_worker.ts",
    "outcome_worker.ts",
    "power_worker.ts",
  ],
  ...["bundle/*", "hono"],
  ...["main.ts", "annotate.ts", "transformers"],
  ...["openai", "@observablehq/plot", "@optique/core", "log-update", "yaml", "zod"],
];

/**
 * Words that the list of embedded files must not contain. The packages for local models and tables are too large for the
 * binary. Users of the binary do not need tests or packages that only tests use.
 */
const NOT_EMBEDDED = [
  // @huggingface/transformers always comes with onnxruntime. Smaller packages of @huggingface may be embedded.
  ...["@duckdb", "@huggingface/transformers", "@node-llama-cpp", "onnxruntime"],
  ...[
    "playwright",
    "fast-check",
    "axe-core",
    "@xterm",
    "@types",
    "_test.ts",
    "_bench.ts",
    "testing",
    "fixtures",
  ],
];

/** The limit for all embedded files together, in megabytes, without the runtime. A larger binary would be slow to copy. */
const FILES_MB_MAX = 110;

Deno.test("deno task compile completes, and embeds no tests and no packages for local models or tables", () =>
  inFolder(async (folder) => {
    const { tasks } = JSON.parse(await Deno.readTextFile(`${PROJECT}deno.json`));
    const output = `${folder}/syndisco`;
    const command = String(tasks.compile).replace("--output dist/syndisco", `--output ${output}`);
    assert.ok(command.includes(output), command);
    const { code, stdout, stderr } = await new Deno.Command("bash", {
      args: ["-c", command],
      cwd: PROJECT,
      env: { DENORT_BIN: Deno.execPath(), NO_COLOR: "1" },
      stdin: "null",
    }).output();
    const printed = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assert.equal(code, 0, printed);
    assert.ok((await Deno.stat(output)).size > 0);
    // Deno prints warnings first. They can contain any name.
    const embedded = printed.slice(printed.indexOf("Embedded Files"));
    for (const name of EMBEDDED) assert.ok(embedded.includes(name), name);
    for (const name of NOT_EMBEDDED) assert.ok(!embedded.includes(name), name);
    const megabytes = /^Files: ([\d.]+)MB$/m.exec(embedded)?.[1];
    assert.ok(megabytes !== undefined && Number(megabytes) < FILES_MB_MAX, `${megabytes} MB`);
  }));
