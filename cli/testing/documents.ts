/** The documents of the repository, for tests that check their content. */
import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

/** The paths of all Markdown files that describe the project, from its root. */
export function documents(): string[] {
  return globSync(["*.md", "{docs,examples}/**/*.md"], { cwd: PROJECT }).sort();
}
