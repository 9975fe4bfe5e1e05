/** Writes the reference page of the experiment file from its schema. */
import { markdownTable } from "npm:markdown-table@3.1.0";
import { stringify } from "npm:yaml@2.9.1";
import { isRecord, listOf, recordOf } from "./document.ts";
import { listed } from "./problems.ts";
import { experimentJsonSchema } from "./schema.ts";

type Schema = Readonly<Record<string, unknown>>;

type Row = Readonly<{ path: string; type: string; fallback: string; meaning: string; example: string }>;

/** The reference of all keys of an experiment file, in Markdown. */
export function experimentReference(): string {
  const schema = experimentJsonSchema();
  const sections = Object.entries(recordOf(schema.properties)).map(([key, value]) => {
    const [own, ...inner] = rowsOf([key, value], schema);
    return { key, own: own!, inner };
  });
  const long = sections.filter(({ inner }) => inner.length > 0);
  return `# The experiment file

This page is generated from the schema of the file by \`deno task docs\`. The file is YAML 1.2 or JSON. Paths in it are
relative to the file's folder. \`validate\` reports all problems of the file. \`schema\` writes a JSON Schema, which lets
editors complete and check the file.

In YAML 1.2, \`NO\` and \`12:30\` are texts. \`<<\` merges mappings. The attributes of personas stay as they are written,
even if they look like numbers: \`zip: 02139\`, \`version: 1.10\`. Everywhere else, two kinds of numbers become texts: numbers
that programs read in different ways (\`010\`, \`0x1F\`), and numbers with too many digits to be exact. A setting that
needs a number refuses these texts. In the column names of CSV files, upper and lower case do not matter.

${
    tableOf(sections.map(({ own, inner, key }) =>
      inner.length === 0 ? own : { ...own, path: `[${own.path}](#${key})` }
    ))
  }
${
    long.map(({ key, own, inner }) => `
## ${key}

${own.meaning}

${tableOf(inner)}
`).join("")
  }`;
}

function rowsOf([path, written]: readonly [string, unknown], parent: Schema, only = ""): Row[] {
  const schema = recordOf(written);
  const isRequired = listOf(parent.required).includes(path.split(".").at(-1));
  const example = listOf(schema.examples)[0];
  const own = {
    path: `\`${path}\`${only}`,
    type: typeOf(schema),
    fallback: isRequired ? "required" : schema.default === undefined ? "" : inline(schema.default),
    meaning: schema.description === undefined ? "" : `${escaped(String(schema.description))}.`,
    example: example === undefined ? "" : inline(example),
  };
  return [own, ...merged(innerRows(path, schema))];
}

function innerRows(path: string, schema: Schema): Row[] {
  const { additionalProperties: values, items, anyOf } = schema;
  const forms = listOf(anyOf).filter(isRecord);
  const named = forms.filter((form) => nameOf(form) !== "");
  return [
    ...Object.entries(recordOf(schema.properties)).flatMap(([key, value]) =>
      rowsOf([`${path}.${key}`, value], schema, nameOf(schema))
    ),
    ...isRecord(values) && Object.keys(values).length > 0 ? innerRows(`${path}.<name>`, values) : [],
    ...isRecord(items) ? innerRows(path, items) : [],
    ...(named.length > 0 ? named : forms).flatMap((form) => innerRows(path, form)),
  ];
}

/**
 * The name of a form of a value, such as a turn-taking strategy. The page shows it beside the keys of this
 * form.
 */
function nameOf({ properties }: Schema): string {
  const names = Object.values(recordOf(properties)).map((value) => recordOf(value).const);
  const name = names.find((one) => one !== undefined);
  return name === undefined ? "" : ` (${name})`;
}

/**
 * If several forms have the same key, merges its rows. Also merges the rows of the key that names the form.
 */
function merged(rows: readonly Row[]): Row[] {
  const known = new Map<string, Row & { names: string[] }>();
  for (const row of rows) {
    const [path, name = ""] = row.path.split(/ \((.*)\)$/) as [string, string?];
    const isName = row.type === `\`${name}\``;
    const key = JSON.stringify(isName ? path : { ...row, path });
    const names = [...known.get(key)?.names ?? [], ...name === "" ? [] : [name]];
    const type = isName ? listed(names.map((one) => `\`${one}\``), names.length) : row.type;
    known.set(key, {
      ...row,
      type,
      path: names.length === 0 || isName ? path : `${path} (${names.join(", ")})`,
      names,
    });
  }
  return [...known.values()];
}

function typeOf(schema: Schema): string {
  const { type, anyOf, minimum, maximum, pattern, items, title, const: constant } = schema;
  if (title !== undefined) return String(title);
  const words = listOf(schema.enum);
  if (constant !== undefined) return `\`${constant}\``;
  if (words.length > 0) return listed(words.map((word) => `\`${word}\``), words.length);
  if (anyOf !== undefined) {
    const forms = listOf(anyOf).map(recordOf).filter((form) => form.type !== "null");
    return [...new Set(forms.map(typeOf))].join(" or ");
  }
  switch (type) {
    case "integer":
    case "number": {
      const word = type === "integer" ? "whole number" : "number";
      const isBounded = Number.isSafeInteger(minimum) && Number.isSafeInteger(maximum);
      return isBounded && maximum !== Number.MAX_SAFE_INTEGER ? `${word}, ${minimum} to ${maximum}` : word;
    }
    case "string":
      return String(pattern).includes("csv") ? "path" : String(pattern).includes("mjs") ? "path" : "text";
    case "boolean":
      return "true or false";
    case "array":
      return `list of ${
        typeOf(recordOf(items)).replace(
          /^(text|persona|opening|intervention|role|outcome|effect|level)$/,
          "$1s",
        )
      }`;
    case "object":
      return "keys and values";
    default:
      return "any value";
  }
}

function inline(value: unknown): string {
  return `\`${
    stringify(value, { collectionStyle: "flow", lineWidth: 0, flowCollectionPadding: true }).trim()
  }\``;
}

function escaped(text: string): string {
  return text.replaceAll(/[|<>*_\\]/g, "\\$&");
}

function tableOf(rows: readonly Row[]): string {
  const cells = rows.map(({ path, type, fallback, meaning, example }) => {
    const [kind, otherwise, such] = [type, fallback, example].map((cell) => cell.replaceAll("|", "\\|"));
    return [path, kind!, otherwise!, meaning, such!];
  });
  return markdownTable([["key", "type", "default", "meaning", "example"], ...cells]);
}
