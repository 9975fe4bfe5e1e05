/** Shows the results of `doctor` to people. */
import { formatCost, formatCount, plural } from "../terminal/numbers.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { pad, type Style, styled, wrap } from "../terminal/text.ts";
import type { TextSink } from "../terminal/text_sink.ts";
import type { CheckResult, Level } from "./result.ts";
import type { Service } from "./services.ts";

const STYLES: Readonly<Record<Level, Style>> = {
  ok: "green",
  note: "dim",
  warning: "yellow",
  problem: "red",
};

const LEVEL_COLUMNS = 9;
const CHECK_COLUMNS = 14;
const FOUND_COLUMNS_MIN = 30;

/** A title and its results, one a line. Long lines are wrapped on a terminal. */
export function resultsText(title: string, results: readonly CheckResult[], sink: TextSink): string {
  const before = 2 + LEVEL_COLUMNS + CHECK_COLUMNS;
  const room = sink.isTerminal ? Math.max(FOUND_COLUMNS_MIN, sink.columns() - before) : Infinity;
  const indent = `\n${" ".repeat(before)}`;
  const lines = (text: string) => (room === Infinity ? [text] : wrap(text, room)).join(indent);
  const body = results.map(({ check, level, found, change }) => {
    const head = `  ${styled(sink, STYLES[level], pad(level, LEVEL_COLUMNS))}${pad(check, CHECK_COLUMNS)}`;
    const remedy = change === undefined ? "" : indent + lines(`to do: ${neutralise(change)}`);
    return `${head}${lines(neutralise(found))}${remedy}\n`;
  });
  return `${neutralise(title)}\n${body.join("")}`;
}

/** The name of a service: its entries, its adapter, and its model. */
export function serviceTitle({ names, setup: { adapter, options, service } }: Service): string {
  const model = options.model === undefined ? "" : ` ${options.model}`;
  const address = typeof service.baseUrl === "string" ? ` at ${service.baseUrl}` : "";
  return `model ${names.join(", ")}: ${adapter}${model}${address}`;
}

/** The number of requests to each service, and the most that they cost. */
export function costText(services: readonly Service[]): string {
  return services.map((service) => {
    const { questions, tokens, cost, setup: { prices } } = service;
    const most = `at most about ${formatCount(tokens.promptTokens)} tokens in prompts and ` +
      `${formatCount(tokens.completionTokens)} in replies`;
    const price = cost === null
      ? "the file has no prices for it"
      : `at most about ${formatCost(cost, prices?.currency)}`;
    return `${neutralise(serviceTitle(service))}\n  ${
      plural(questions.length, "short request")
    }: ${most}; ${price}\n`;
  }).join("");
}

/** The last line: how many problems and warnings there are. */
export function totalText(results: readonly CheckResult[]): string {
  const count = (level: Level) => results.filter((result) => result.level === level).length;
  return `${plural(count("problem"), "problem")}, ${plural(count("warning"), "warning")}\n`;
}
