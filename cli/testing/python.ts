/** Python, for tests of what other programs make of our files. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The interpreter: `SYNDISCO_PYTHON` names one that has the packages. */
const PYTHON = Deno.env.get("SYNDISCO_PYTHON") ?? "python3";

/** What a Python program printed. */
export type PythonOutput = Readonly<{ code: number; stdout: string; stderr: string }>;

/**
 * Runs a Python program.
 *
 * @param program Its text.
 * @param options Its arguments, and the folder that it runs in.
 */
export async function runPython(
  program: string,
  { args = [], cwd = dirname(fileURLToPath(import.meta.url)) }: { args?: readonly string[]; cwd?: string } =
    {},
): Promise<PythonOutput> {
  const { code, stdout, stderr } = await new Deno.Command(PYTHON, {
    args: ["-X", "utf8", "-c", program, ...args],
    cwd,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/**
 * Why tests that need a Python package are skipped; `null` where it is there.
 *
 * @param imported What a program that uses the package imports.
 * @param install The command that installs it.
 */
export async function pythonLacks(imported: string, install: string): Promise<string | null> {
  try {
    const { code } = await runPython(`import ${imported}`);
    return code === 0 ? null : `${PYTHON} has no ${imported}: ${install}`;
  } catch {
    return `there is no ${PYTHON}: ${install}`;
  }
}

/** The test's name and whether it is left out. @param lack Why it is to be skipped, if at all. */
export function unlessLacking(name: string, lack: string | null): { name: string; ignore: boolean } {
  return { name: lack === null ? name : `${name} (skipped: ${lack})`, ignore: lack !== null };
}
