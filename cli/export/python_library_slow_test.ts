import assert from "node:assert/strict";
import { join } from "node:path";
import { runHolding } from "../../adapters/tables/testing/run_holding.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { sampleEvents } from "../../core/testing/sample_stream.ts";
import { runProgram } from "../testing/processes.ts";
import { pythonLacks, runPython, unlessLacking } from "../testing/python.ts";

/** Loads files with the library's own reader. Mocks replace packages that only the library's models need. */
const READ = String.raw`
import json, sys
from unittest.mock import MagicMock
while True:
    try:
        from syndisco.jobs import Logs
        break
    except ModuleNotFoundError as error:
        for name in [name for name in sys.modules if name.startswith("syndisco")]:
            del sys.modules[name]
        sys.modules[error.name] = MagicMock()
print(json.dumps([Logs.from_file(path).to_list() for path in sys.argv[1:]]))
`;

const LACK = await pythonLacks(
  ["syndisco"],
  "python3 -m pip install --no-deps --ignore-requires-python syndisco==2.2.1",
);

Deno.test({
  ...unlessLacking("the Python library loads files of export --format python-library", LACK),
  fn: () =>
    inFolder(async (cwd) => {
      await runHolding(join(cwd, "run"), { "a/b": sampleEvents("a/b"), c: sampleEvents("c").slice(0, 3) });
      const done = await runProgram(["export", "run", "--to", "out", "--format", "python-library"], { cwd });
      assert.equal(done.code, 0, done.stderr);
      assert.equal(done.stderr, "1 discussion unfinished: exported up to the last event\n");
      const files = ["a%2Fb", "c"].map((name) => join(cwd, "out", "discussions", "base", `${name}.json`));
      const { code, stdout, stderr } = await runPython(READ, { args: files });
      assert.equal(code, 0, stderr);
      const [whole, begun] = JSON.parse(stdout);
      assert.deepEqual(whole.map(({ name, text, model }: Record<string, string>) => [name, text, model]), [
        ["Ada", "Grüße 😀", "hardcoded"],
        ["Bob", "No.", "tiny"],
        ["Mo", "Calm.", "tiny"],
        ["Ada", '""', "tiny"],
        ["Mo", '""', "tiny"],
        ["Bob", "Fine\n\ud800.", "tiny"],
      ]);
      assert.equal(begun.length, 2);
    }),
});
