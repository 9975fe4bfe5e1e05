/**
 * The library of command lines. All source files import it from here. Otherwise Deno would look the package up for each
 * importing file at every start, which takes about a millisecond per file.
 */
export { object, or } from "npm:@optique/core@1.3.6/constructs";
export { type DocEntry } from "npm:@optique/core@1.3.6/doc";
export { runParser } from "npm:@optique/core@1.3.6/facade";
export { formatMessage, type Message, message, text } from "npm:@optique/core@1.3.6/message";
export { multiple, optional, withDefault } from "npm:@optique/core@1.3.6/modifiers";
export { type NonEmptyString } from "npm:@optique/core@1.3.6/nonempty";
export { getDocPage, type InferValue, parse, type Parser } from "npm:@optique/core@1.3.6/parser";
export { argument, command, constant, option } from "npm:@optique/core@1.3.6/primitives";
export { formatUsage, formatUsageTerm } from "npm:@optique/core@1.3.6/usage";
export { choice, float, integer, string, type ValueParser } from "npm:@optique/core@1.3.6/valueparser";
