/** The words that start this program on another machine that sees the same disk. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { PERMISSIONS } from "../shared/permissions.ts";

/** The words before a command's name: the binary, or Deno with its options and the program's main file. */
export function programWords(): readonly string[] {
  if (Deno.build.standalone) return [Deno.execPath()];
  const main = fileURLToPath(new URL("../main.ts", import.meta.url));
  const lock = fileURLToPath(new URL("../../deno.lock", import.meta.url));
  // The npm package has its packages beside it. A clone has a lock file.
  const settings = /[\\/]node_modules[\\/]/.test(main)
    ? ["--no-config", "--node-modules-dir=manual"]
    : existsSync(lock)
    ? [`--lock=${lock}`]
    : [];
  return [Deno.execPath(), "run", ...settings, ...PERMISSIONS, main];
}
