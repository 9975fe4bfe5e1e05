/** Asks on the terminal which template to write. */
import { nearest } from "../../core/experiment/problems.ts";
import { UsageError } from "../shared/program.ts";
import type { TextSink } from "../terminal/text_sink.ts";
import { INIT_TEMPLATES, type InitTemplate } from "./mod.ts";

/** After this many wrong answers, the command ends. */
const ANSWERS_MAX = 3;

/**
 * Whether the user can answer a question: the standard input and the standard output must both be a terminal.
 */
export function canAsk(stdout: TextSink): boolean {
  return stdout.isTerminal && Deno.stdin.isTerminal();
}

/**
 * Asks for a number or a name. Enter alone means the first template.
 *
 * @throws {UsageError}
 */
export function askForTemplate(stdout: TextSink): InitTemplate {
  const width = Math.max(...INIT_TEMPLATES.map(({ name }) => name.length));
  const lines = INIT_TEMPLATES.map(({ name, summary }, at) =>
    `  ${at + 1}  ${name.padEnd(width)}  ${summary}\n`
  );
  stdout.write(`What do you want to do?\n\n${lines.join("")}\n`);
  for (let asked = 0; asked < ANSWERS_MAX; asked++) {
    const answer = prompt("Number or name [1]:")?.trim().toLowerCase();
    if (answer === undefined) break;
    const meant = templateFor(answer);
    if (meant !== undefined) return meant;
    stdout.write(`There is no "${answer}" in the list.\n`);
  }
  throw new UsageError(
    "Cannot choose a template: no answer names one. Give --template NAME, or answer with a number",
  );
}

function templateFor(answer: string): InitTemplate | undefined {
  if (answer === "") return INIT_TEMPLATES[0];
  const name = nearest(answer, INIT_TEMPLATES.map(({ name }) => name));
  return /^\d+$/.test(answer)
    ? INIT_TEMPLATES[Number(answer) - 1]
    : INIT_TEMPLATES.find((template) => template.name === name);
}
