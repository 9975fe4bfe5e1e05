/** The example files of the guide: the Python library wrote them, with a model that plays a script. */
const EXAMPLES = new URL("../../../examples/import/", import.meta.url);

/** The text of an example. */
export function exampleText(name: string): string {
  return Deno.readTextFileSync(new URL(name, EXAMPLES));
}

/** Its path. */
export function examplePath(name: string): string {
  return decodeURIComponent(new URL(name, EXAMPLES).pathname);
}

/** A discussion of version 2.0, with a moderator, and one of version 2.2. */
export const PYTHON_2_0 = "old_runs/moderated/26-11-24-21-53-07.json";
export const PYTHON_2_2 = "old_runs/open/26-11-24-21-54-10.json";
