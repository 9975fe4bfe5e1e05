/** Colours, where they are wanted. */
import type { TextSink } from "./text_sink.ts";

/** The codes that begin and end each style, by ECMA-48. */
const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

/** A way to set text off. */
export type Style = keyof typeof CODES;

/**
 * Sets text off, where the sink takes colours.
 *
 * @param sink Where it will be written.
 * @param style How.
 * @param text Text without escape sequences.
 */
export function styled(sink: Pick<TextSink, "colours">, style: Style, text: string): string {
  if (!sink.colours || text === "") return text;
  const [begin, end] = CODES[style];
  return `\x1b[${begin}m${text}\x1b[${end}m`;
}
