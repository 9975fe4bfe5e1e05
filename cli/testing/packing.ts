/** Shared code for tests of archives: makes runs, and calls other programs. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { runProgram } from "./processes.ts";

/** Another user on another machine. Packages come from this machine's cache. */
export const ELSEWHERE = { USER: "ingrid", LOGNAME: "ingrid", DENO_DIR: denoDir() };

function denoDir(): string {
  const { stdout } = new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).outputSync();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

/**
 * Runs a system program.
 *
 * @returns Its output.
 */
export function system(program: string, args: readonly string[], cwd: string): string {
  const { success, stdout, stderr } = new Deno.Command(program, {
    args: [...args],
    cwd,
    env: { LC_ALL: "C.UTF-8" },
  })
    .outputSync();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** The names in a folder. */
export function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

/**
 * Makes a run in `cwd`.
 *
 * @returns Its folder.
 */
export async function madeRun(
  cwd: string,
  text: string,
  { out = "runs/tiny", more = [] as string[] } = {},
): Promise<string> {
  await Deno.writeTextFile(join(cwd, "experiment.yaml"), text);
  const { code, stderr } = await runProgram(["run", "experiment.yaml", "--out", out, "--quiet", ...more], {
    cwd,
  });
  assert.equal(code, 0, stderr);
  return join(cwd, out);
}
