/** Runs Python, to test that other programs can read our files. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The Python interpreter. `SYNDISCO_PYTHON` can name another one that has the packages. */
const PYTHON = Deno.env.get("SYNDISCO_PYTHON") ?? "python3";

/** The arguments of `pythonLacks()` for most tests. */
export const PANDAS = [
  ["pandas", "pyarrow"],
  "python3 -m pip install pandas==3.1.1 pyarrow==26.0.1",
] as const;

type PythonOutput = Readonly<{ code: number; stdout: string; stderr: string }>;

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

/** Says which Python packages are missing for a test, and how to install them; `null` if all are installed. */
export async function pythonLacks(packages: readonly string[], install: string): Promise<string | null> {
  const program =
    "import importlib.util, sys; sys.exit(not all(map(importlib.util.find_spec, sys.argv[1:])))";
  try {
    const { code } = await runPython(program, { args: packages });
    return code === 0 ? null : `${PYTHON} lacks ${packages.join(" or ")}: ${install}`;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return `there is no ${PYTHON}: apt-get install python3 python3-venv, and then ${install}`;
  }
}

/** The name and `ignore` of a test that needs Python packages. Without them, the test is skipped, or fails on CI. */
export function unlessLacking(name: string, lack: string | null): { name: string; ignore: boolean } {
  if (lack === null) return { name, ignore: false };
  return { name: `${name} (needs: ${lack})`, ignore: Deno.env.get("CI") !== "true" };
}
