/** A run for tests of commands: with a moderator, annotators, prices, an input file, and code of its own. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { judgedExperiment, RULE } from "./experiments.ts";
import { runHere, runProgram } from "./processes.ts";

const MODEL = "{ adapter: scripted, prices: { currency: USD, input: 1, output: 2 } }";
const PERSONAS = "name,age\r\nAda,30\r\nBen,40\r\nCleo,50\r\nDan,60\r\nEve,70\r\n";

/** Makes the run. Returns its folder. */
export async function ratedRun(cwd: string): Promise<string> {
  const text = judgedExperiment(MODEL, 2)
    .replace(/turnTaking: .*/, "turnTaking: ./rule.ts")
    .replace(/personas: \[\{ name: Ada.*/, "personas: people.csv");
  await Deno.writeTextFile(join(cwd, "e.yaml"), text);
  await Deno.writeTextFile(join(cwd, "people.csv"), PERSONAS);
  await Deno.writeTextFile(join(cwd, "rule.ts"), RULE);
  const run = join(cwd, "runs", "rated");
  const { code, stderr } = await runProgram(["run", "e.yaml", "--out", run, "--quiet"], { cwd });
  assert.equal(code, 0, stderr);
  return run;
}

/** Runs a command that must succeed. Returns what it prints. */
export async function succeeds(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runHere(...words);
  assert.equal(code, 0, `${words.join(" ")}: ${stdout}${stderr}`);
  return stdout;
}
