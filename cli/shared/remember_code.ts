/** Notes which code the user has run, so that commands may run the copies of this code in runs' folders. */
import { join } from "node:path";
import { trustCode, trustedCodePath } from "../../adapters/code/mod.ts";
import type { LoadedFile } from "../../adapters/local/mod.ts";
import { reasonOf } from "../../adapters/stores/store_errors.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { readVariable, type TextSink } from "../terminal/text_sink.ts";
import { TRUST } from "./run_rules.ts";

/**
 * Adds the code of the user's own experiment to the user's list of trusted code. Leaves out code that can import any file,
 * because its hash does not cover those files. Warns once if the list cannot be written.
 *
 * @param loaded `runFolder` is the folder of the run that the file lies in. Then the code is not the user's own.
 */
export function rememberCode(
  { code, runFolder }: Pick<LoadedFile, "code"> & Readonly<{ runFolder: string | null }>,
  stderr: TextSink,
): void {
  const own = [...code.values()].filter(({ open }) => open.length === 0)
    .map(({ sha256, folder, main }) => [sha256, join(folder, main)] as const);
  if (runFolder !== null || own.length === 0) return;
  const path = trustedCodePath(readVariable);
  try {
    if (path === null) throw new Error("you have no home folder");
    trustCode(path, new Map(own));
  } catch (error) {
    const list = path === null ? "your list" : `"${neutralise(path)}"`;
    stderr.write(
      `Cannot note in ${list} that you run this code: ${neutralise(reasonOf(error))}. ` +
        `Commands that read the run need ${TRUST} to run its code
`,
    );
  }
}
