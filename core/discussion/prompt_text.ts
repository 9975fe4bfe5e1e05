/** The parts that prompts are put together from. */
import type { Json } from "../json.ts";

/** What prompts show of a comment. */
export type ShownComment = Readonly<{ author: string; text: string }>;

/** The comments that are shown, each signed; nothing where there are none. */
export function transcript(shown: readonly ShownComment[]): string {
  let text = shown.length === 0 ? "" : "The last comments of the discussion:\n\n";
  for (const comment of shown) text += `${signed(comment)}\n\n`;
  return text;
}

/** Further lines are indented, so that nobody's comment can hold what looks like a comment of somebody else. */
export function signed({ author, text }: ShownComment): string {
  return `${author}: ${text.replace(/\r\n|[\n\r\u2028\u2029]/g, "\n  ")}`;
}

/** Parts as paragraphs; empty ones are left out. */
export function paragraphs(...parts: readonly string[]): string {
  return parts.map((part) => part.trim()).filter((part) => part !== "").join("\n\n");
}

/** A weight for turn-taking, not something that people know of themselves. */
const TALKATIVENESS = "talkativeness";

/** What a prompt says of somebody's persona; nothing where it says nothing. */
export function attributes(persona: Readonly<Record<string, Json>>): string {
  let lines = "";
  for (const [key, value] of Object.entries(persona)) {
    if (key !== TALKATIVENESS && value !== null && value !== "") {
      lines += `\n- ${readable(key)}: ${plain(value)}`;
    }
  }
  return lines === "" ? "" : ` About you:${lines}`;
}

/** `current_employment` and `currentEmployment` read as "current employment". */
function readable(key: string): string {
  return key.replaceAll("_", " ").replace(/(\p{Ll})(\p{Lu})/gu, (_, a, b) => `${a} ${b.toLowerCase()}`);
}

function plain(value: Json): string {
  if (Array.isArray(value)) return value.map(plain).join(", ");
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}
