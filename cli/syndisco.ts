/**
 * The start of the installed program. `deno install -g` fetches all packages that a file imports, without regard to
 * `deno.lock`. So this file names its only import in a variable. `deno task install` fetches the packages.
 */
Deno.env.set("SYNDISCO_CALLED_AS", "syndisco");

const MAIN = new URL("./main.ts", import.meta.url).href;
const { start } = await import(MAIN);
await start();
