/** The attributes of a persona in the form in which templates show them. */
import type { Json } from "../json.ts";

/** An attribute that is only a weight for turn-taking. Prompts do not show it. */
const TALKATIVENESS = "talkativeness";

/** An attribute for prompts: its name and its value, both as texts. */
export type Attribute = Readonly<{ name: string; value: string }>;

/** The attributes of a persona that prompts show. Empty attributes are left out. */
export function attributesOf(persona: Readonly<Record<string, Json>>): readonly Attribute[] {
  return Object.entries(persona)
    .filter(([key, value]) => key !== TALKATIVENESS && value !== null && value !== "")
    .map(([key, value]) => ({ name: readable(key), value: plain(value) }));
}

/** Names that are readable as they are. Most names are, and a search for capital letters of all scripts takes longer. */
const READABLE = /^[a-z ]*$/;

/** `current_employment` and `currentEmployment` become "current employment". */
function readable(key: string): string {
  if (READABLE.test(key)) return key;
  return key.replaceAll("_", " ").replace(/(\p{Ll})(\p{Lu})/gu, (_, a, b) => `${a} ${b.toLowerCase()}`);
}

function plain(value: Json): string {
  if (Array.isArray(value)) return value.map(plain).join(", ");
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}
