/** The settings that an experiment file offers to branches. */
import { readDocument } from "../../../../core/experiment/document.ts";
import { readDesign } from "../../../../core/experiment/factors.ts";
import type { Json } from "../../../../core/json.ts";

/** A value of a setting. If it is a level of a factor, it can set several paths of the experiment file. */
export type KnownValue = Readonly<{
  label: string;
  settings: readonly Readonly<{ path: string; value: string }>[];
}>;

/** A setting with the values that the experiment file has for it. */
export type KnownSetting = Readonly<{
  /** The factor's label, or the path. */
  name: string;
  values: readonly KnownValue[];
}>;

/** Settings whose values are names in another part of the file: path of the setting → key of that part. */
const LISTS = { moderator: "moderators" } as const;

/** The factors of an experiment file with their levels, and the moderators that it describes. */
export function knownSettings(experimentText: string): readonly KnownSetting[] {
  const { value: file } = readDocument(experimentText, "experiment.yaml");
  if (!isRecord(file)) return [];
  const design = readDesign(file);
  const factors = [...design.factors, ...design.vary].map(({ path, label, levels, parts }) => ({
    name: label ?? path,
    paths: parts.map((part) => part.path),
    values: levels.map(({ label }, level) => ({
      label,
      settings: parts.flatMap(({ path, values }) =>
        values[level] === undefined ? [] : [{ path, value: yamlWord(values[level] as Json) }]
      ),
    })),
  }));
  const listed = Object.entries(LISTS).flatMap(([path, key]) => {
    if (factors.some(({ paths }) => paths.includes(path)) || !isRecord(file[key])) return [];
    const values = ["none", ...Object.keys(file[key])].map((name) => ({
      label: name,
      settings: [{ path, value: yamlWord(name) }],
    }));
    return [{ name: path, values }];
  });
  return [...factors.map(({ name, values }) => ({ name, values })), ...listed];
}

const PLAIN_WORD = /^[A-Za-z][\w-]*$/;
const OTHER_MEANING = /^(?:true|false|null|yes|no|on|off)$/i;

/** A value as YAML on one line. JSON is YAML; plain words need no quotes. */
export function yamlWord(value: Json): string {
  return typeof value === "string" && PLAIN_WORD.test(value) && !OTHER_MEANING.test(value)
    ? value
    : JSON.stringify(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
