/** Reads the command lines of testing tools. All their options are whole numbers. */
import { parseArgs } from "node:util";
import { EXIT_CODES } from "../shared/program.ts";

/** Reads the process's options, and fills in defaults. If an option is wrong, prints a message and ends the process. */
export function numberOptions<Name extends string>(
  defaults: Readonly<Record<Name, number>>,
): Record<Name, number> {
  const names = Object.keys(defaults) as Name[];
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
  try {
    const { values } = parseArgs({ options });
    const read = names.map((name) => [name, wholeNumber(name, values[name] ?? String(defaults[name]))]);
    return Object.fromEntries(read);
  } catch (error) {
    say(`${(error as Error).message}. Usage: ${names.map((name) => `[--${name} N]`).join(" ")}`, Deno.stderr);
    Deno.exit(EXIT_CODES.usage);
  }
}

export function say(line: string, to: Pick<typeof Deno.stdout, "writeSync"> = Deno.stdout): void {
  const bytes = new TextEncoder().encode(`${line}\n`);
  for (let written = 0; written < bytes.length;) written += to.writeSync(bytes.subarray(written));
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) {
    throw new RangeError(`Cannot read --${name} "${text}": expected a whole number`);
  }
  return Number(text);
}
