/** The schema of personas. Reads lists of personas. */
import { z } from "../zod.ts";
import type { Json } from "../json.ts";
import { hasColumn, missingColumn, underNames } from "./csv.ts";
import { isRecord } from "./document.ts";
import type { Persona } from "./experiment.ts";
import { type Finding, mismatch, quoted } from "./problems.ts";
import { findingsOf } from "./schema_findings.ts";
import { jsonOf, type JsonSchema, jsonSchema, listForms, numberFrom, visibleLine } from "./schema_parts.ts";

/** The items of a list that could be read, and the problems of all items. */
export type ReadList<T> = Readonly<{ items: readonly T[]; findings: readonly Finding[] }>;

/** The key for the name in the Python library's persona files. */
const NAME_ALIAS = "username";

const personaSchema = z.object({
  name: visibleLine("The name, unique among the personas. The key can also be username"),
  talkativeness: numberFrom(0, Infinity, "The weight in turn-taking. 1 when left out").optional(),
}, { error: "a persona: keys and values, with a name" }).catchall(jsonSchema);

export function personaForms(): JsonSchema[] {
  const { name, ...others } = jsonOf(personaSchema).properties as JsonSchema;
  return listForms({
    title: "persona",
    type: "object",
    properties: { name, username: name, ...others },
    anyOf: [{ required: ["name"] }, { required: ["username"] }],
  });
}

export function readPersonas(value: unknown, columns?: readonly string[]): ReadList<Persona> {
  if (!Array.isArray(value)) return { items: [], findings: [mismatch([], "a list of personas", value)] };
  if (value.length === 0) {
    return { items: [], findings: [{ path: [], message: "there is no persona in the list" }] };
  }
  if (columns === undefined) return readEntries(value);
  const names = ["name", NAME_ALIAS];
  return hasColumn(columns, names)
    ? readEntries(underNames(value, columns, [...names, "talkativeness"]))
    : { items: [], findings: [missingColumn(columns, names)] };
}

function readEntries(value: readonly unknown[]): ReadList<Persona> {
  const findings: Finding[] = [];
  const items: Persona[] = [];
  const names = new Map<string, string>();
  for (const [index, entry] of value.entries()) {
    const { nameKey, persona } = withName(entry);
    const wrong = findingsOf(personaSchema, persona).map((finding): Finding => {
      const [key, ...rest] = finding.path;
      const other = key === "name" ? otherNameKey(persona) : undefined;
      if (other !== undefined) {
        const suggestion = other.toLowerCase();
        return { path: [index, other], part: "key", message: "this key must be in lower case", suggestion };
      }
      const inner = key === undefined ? [] : [key === "name" ? nameKey : key, ...rest];
      return { ...finding, path: [index, ...inner] };
    });
    findings.push(...wrong);
    if (!isRecord(persona) || typeof persona.name !== "string") continue;
    const { name: _, ...attributes } = persona;
    const same = names.get(comparable(persona.name));
    if (same === undefined) {
      names.set(comparable(persona.name), persona.name);
    } else {
      const difference = same === persona.name ? "" : ": names must differ in more than upper and lower case";
      const message = `another persona has the name ${quoted(same)}${difference}`;
      findings.push({ path: [index, nameKey], message });
    }
    items.push({ name: persona.name, attributes: attributes as Record<string, Json> });
  }
  return { items, findings };
}

/** A form of names for comparison. It is equal for two names if a mention such as `@name` would mean both. */
export function comparable(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

function withName(entry: unknown): { nameKey: string; persona: unknown } {
  if (!isRecord(entry)) return { nameKey: "name", persona: entry };
  const nameKey = entry.name === undefined && entry[NAME_ALIAS] !== undefined ? NAME_ALIAS : "name";
  const { [nameKey]: name, ...attributes } = entry;
  if (isNumeral(attributes.talkativeness)) attributes.talkativeness = Number(attributes.talkativeness);
  return { nameKey, persona: name === undefined ? attributes : { name, ...attributes } };
}

/** If the persona has no name, finds a key that differs from `name` or `username` only in case. */
function otherNameKey(persona: unknown): string | undefined {
  if (!isRecord(persona) || persona.name !== undefined) return undefined;
  return Object.keys(persona).find((key) => ["name", NAME_ALIAS].includes(key.toLowerCase()));
}

/** Whether a value is a text that is a number. In CSV files, `talkativeness` is such a text. */
function isNumeral(value: unknown): value is string {
  return typeof value === "string" && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value);
}
