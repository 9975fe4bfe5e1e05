/** The documents of the repository, for the tests of what they say. */
import { fileURLToPath } from "node:url";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

/** The paths of all Markdown files that describe the project, from its root. */
export async function documents(): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isFile } of Deno.readDir(PROJECT)) {
    if (isFile && name.endsWith(".md")) paths.push(name);
  }
  for (const folder of ["docs", "examples"]) paths.push(...await under(folder));
  return paths.sort();
}

async function under(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(PROJECT + folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) paths.push(...await under(path));
    else if (name.endsWith(".md")) paths.push(path);
  }
  return paths;
}
