/** Tests that fetch packages into an empty cache of Deno. */
import { join } from "node:path";
import { inFolder } from "../../adapters/testing/in_folder.ts";

/** A small package without dependencies. */
const PROBE = "npm:markdown-table@3.1.0";

/** Says that packages cannot be fetched; `null` if they can. */
export async function registryLacks(): Promise<string | null> {
  return await inFolder(async (cache) => {
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: ["cache", "--no-config", "--no-lock", PROBE],
      env: { DENO_DIR: cache },
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return success ? null : "no npm registry can be reached: set npm_config_registry to one that can";
  });
}

/** The names of the npm packages whose files are in a cache of Deno. */
export function fetchedPackages(cache: string): string[] {
  const npm = join(cache, "npm");
  return foldersIn(npm).flatMap((registry) => packagesIn(join(npm, registry)));
}

function packagesIn(folder: string): string[] {
  return foldersIn(folder).flatMap((name) => {
    if (name.startsWith("@")) return packagesIn(join(folder, name)).map((inner) => `${name}/${inner}`);
    // Deno also keeps the descriptions of packages that it has not fetched. These have no folder of a version.
    return foldersIn(join(folder, name)).length > 0 ? [name] : [];
  });
}

function foldersIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
}
