/** How the program is called. */
import { shellCommand } from "./terminal/shell_quote.ts";
import { readVariable } from "./terminal/text_sink.ts";

/** The name that the program is called by where it is installed. */
export const PROGRAM = "syndisco";

/** Set by whatever wraps the program, such as the tasks of `deno.json`: what users type before a command's name. */
const CALLED_AS = "SYNDISCO_CALLED_AS";

/**
 * A command line of this program that can be pasted into a shell where it runs now.
 *
 * @param words The command's name and its arguments.
 */
export function ownCommand(...words: readonly string[]): string {
  return `${calledAs()} ${shellCommand(words)}`;
}

function calledAs(): string {
  const wrapper = readVariable(CALLED_AS);
  if (wrapper !== undefined && wrapper !== "") return wrapper;
  if (Deno.build.standalone) return shellCommand([Deno.execPath()]);
  const { protocol, pathname } = new URL(Deno.mainModule);
  const module = protocol === "file:" ? decodeURIComponent(pathname) : Deno.mainModule;
  return shellCommand(["deno", "run", "-A", module]);
}
