/**
 * The library of command lines. All source files import it from here. Otherwise Deno would look the package up for each
 * importing file at every start, which takes about a millisecond per file.
 */
export { object, or } from "@optique/core/constructs";
export { type DocEntry } from "@optique/core/doc";
export { runParser } from "@optique/core/facade";
export { formatMessage, type Message, message, text } from "@optique/core/message";
export { multiple, optional, withDefault } from "@optique/core/modifiers";
export { type NonEmptyString } from "@optique/core/nonempty";
export { getDocPage, type InferValue, parse, type Parser } from "@optique/core/parser";
export { argument, command, constant, option } from "@optique/core/primitives";
export { formatUsage, formatUsageTerm } from "@optique/core/usage";
export { choice, float, integer, string, type ValueParser } from "@optique/core/valueparser";
