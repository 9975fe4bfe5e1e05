/** Installs the program for this user. Usage: deno task install [--root FOLDER] */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PERMISSIONS } from "./shared/permissions.ts";
import { PROGRAM } from "./shared/program.ts";
import { processIo } from "./terminal/text_sink.ts";

const CLONE = fileURLToPath(new URL("../", import.meta.url));

/** The settings of Deno for the installed program. */
const SETTINGS = {
  lock: { path: "./deno.lock" },
  nodeModulesDir: "none",
  unstable: ["npm-lazy-caching"],
};

/** See docs/explanation/decisions/the_heap_grows_in_small_steps.md. */
const HEAP = "--v8-flags=--heap-growing-percent=30";

/** Runs Deno in the clone, and ends this process if that fails. */
function deno(...args: readonly string[]): void {
  const { code } = new Deno.Command(Deno.execPath(), { args: [...args], cwd: CLONE, stdout: "null" })
    .outputSync();
  if (code !== 0) Deno.exit(code);
}

/** The folder whose subfolder `bin` gets the program. `deno install` chooses this folder by the same rules. */
function rootFolder([option, folder]: readonly string[]): string {
  if (option !== undefined && (option !== "--root" || folder === undefined)) {
    throw new TypeError(`Cannot install with "${option}": the only option is --root FOLDER`);
  }
  const home = Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE");
  const root = folder ?? Deno.env.get("DENO_INSTALL_ROOT") ?? (home && join(home, ".deno"));
  if (!root) {
    throw new Error("Cannot install: the variable HOME is not set. Name a folder with --root FOLDER");
  }
  return root;
}

const root = rootFolder(Deno.args);
deno(
  ...["install", "--quiet", "--global", "--force", "--name", PROGRAM, "--root", root],
  ...["--config", "deno.json", HEAP, ...PERMISSIONS, "cli/syndisco.ts"],
);

// The installed program gets a copy of the lock file, and settings that use the copy. Then a first start fetches the packages.
const folder = join(root, "bin", `.${PROGRAM}`);
await Deno.copyFile(join(CLONE, "deno.lock"), join(folder, "deno.lock"));
await Deno.writeTextFile(join(folder, "deno.json"), JSON.stringify(SETTINGS));
deno("run", "--config", join(folder, "deno.json"), ...PERMISSIONS, "cli/main.ts", "--version");
processIo().stdout.write(`Installed ${join(root, "bin", PROGRAM)}. Put its folder on your PATH\n`);
