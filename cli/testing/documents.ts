/** The documents of the repository, for tests that check their content. */
import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

export function documents(): string[] {
  return globSync(["*.md", "{docs,examples}/**/*.md"], { cwd: PROJECT }).sort();
}
