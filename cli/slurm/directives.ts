/** Writes words so that Slurm reads them from a line that begins with `#SBATCH`. It quotes in another way than a shell. */
import { UsageError } from "../shared/program.ts";

const PLAIN = /^[A-Za-z0-9_@+=:,./%-]+$/;
const UNWRITABLE = /[\p{Cc}\\]/u;

/**
 * Words of a line.
 *
 * @throws {UsageError} If a word cannot be written.
 */
export function directives(words: readonly string[]): string {
  return words.map((word) => {
    if (UNWRITABLE.test(word)) {
      throw new UsageError(
        `Cannot write ${
          JSON.stringify(word)
        } into a batch script: Slurm reads no backslash and no line break there. ` +
          `Choose another name`,
      );
    }
    return PLAIN.test(word) ? word : `"${word.replaceAll('"', '\\"')}"`;
  }).join(" ");
}

/** The path of a log. `%` has a meaning for Slurm, so it is doubled, except in `pattern`, such as `%a`. */
export function fileInDirective(path: string, pattern = ""): string {
  const parts = pattern === "" ? [path] : path.split(pattern);
  const last = parts.pop()!;
  const before = parts.join(pattern).replaceAll("%", "%%");
  return directives([parts.length === 0 ? last.replaceAll("%", "%%") : `${before}${pattern}${last}`]);
}
