/** Finds what differs between the conditions of discussions, and which factor explains each difference. */
import { canonical, type Json } from "../../core/json.ts";
import type { ToldCondition } from "./condition_rule.ts";

/** Path in the experiment file → its value in one discussion. */
export type Settings = Readonly<Record<string, Json>>;

/** A discussion's condition and settings. */
export type SetDiscussion = Readonly<{ told: ToldCondition; settings: Settings }>;

/**
 * A level of a recovered factor. It joins all levels of the files that have equal settings; `names` are their
 * names.
 */
export type RecoveredLevel = Readonly<{ label: string; names: readonly string[]; set: Settings }>;

/** A factor, and its levels in the order of the files. */
export type RecoveredFactor = Readonly<{ name: string; levels: readonly RecoveredLevel[] }>;

/** What the conditions of discussions share, what differs, and how many discussions do not fit. */
export type RecoveredConditions = Readonly<{
  /** The most common value of each path. */
  common: Settings;
  factors: readonly RecoveredFactor[];
  /** Path → how many discussions have another value than most discussions of their condition. */
  exceptions: Readonly<Record<string, number>>;
}>;

/** The name of the only factor, if the factors of the files do not explain all differences. */
const CONDITION = "condition";

/** Compares conditions by the value that most of their discussions have at each path. */
export function recoverConditions(discussions: readonly SetDiscussion[]): RecoveredConditions {
  const paths = [...new Set(discussions.flatMap(({ settings }) => Object.keys(settings)))];
  const groups = [...Map.groupBy(discussions, ({ told }) => told.condition).values()].map((own) => ({
    factors: own[0]!.told.factors,
    condition: own[0]!.told.condition,
    settings: commonOf(own, paths),
    own,
  }));
  const exceptions = paths.map((path) => {
    const count = groups.flatMap(({ settings, own }) =>
      own.filter((one) =>
        canonical(one.settings[path]) !== canonical(settings[path])
      )
    ).length;
    return [path, count] as const;
  });
  const varying = paths.filter((path) =>
    groups.some(({ settings }) => canonical(settings[path]) !== canonical(groups[0]!.settings[path]))
  );
  return {
    common: commonOf(discussions, paths),
    factors: factorsOf(groups, varying),
    exceptions: Object.fromEntries(exceptions.filter(([, count]) => count > 0)),
  };
}

type Group = Readonly<{ condition: string; factors: Readonly<Record<string, string>>; settings: Settings }>;

function commonOf(discussions: readonly SetDiscussion[], paths: readonly string[]): Settings {
  return Object.fromEntries(
    paths.map((path) => [path, mostCommon(discussions.map(({ settings }) => settings[path]!))]),
  );
}

/** The most common value. If several values are equally common, the one that comes first. */
export function mostCommon<T extends Json>(values: readonly T[]): T {
  const alike = [...Map.groupBy(values, (value) => canonical(value)).values()];
  return alike.reduce((most, own) => own.length > most.length ? own : most)[0]!;
}

function factorsOf(groups: readonly Group[], varying: readonly string[]): readonly RecoveredFactor[] {
  if (varying.length === 0) return [];
  const names = Object.keys(groups[0]!.factors);
  const explained = varying.map((path) => names.find((name) => explains(groups, name, path)));
  if (explained.includes(undefined)) {
    const whole = groups.map((group) => ({ ...group, factors: { [CONDITION]: group.condition } }));
    return [factorOf(CONDITION, whole, varying)];
  }
  return [...new Set(explained as string[])].map((name) =>
    factorOf(name, groups, varying.filter((_, index) => explained[index] === name))
  );
}

/** Whether all groups with the same level of a factor have the same value at a path. */
function explains(groups: readonly Group[], factor: string, path: string): boolean {
  const values = new Map<string | undefined, string>();
  return groups.every(({ factors, settings }) => {
    const value = canonical(settings[path]);
    const known = values.get(factors[factor]) ?? value;
    values.set(factors[factor], known);
    return known === value;
  });
}

function factorOf(name: string, groups: readonly Group[], paths: readonly string[]): RecoveredFactor {
  const settingsOf = ({ settings }: Group) =>
    Object.fromEntries(paths.map((path) => [path, settings[path]!])) as Settings;
  const alike = Map.groupBy(groups, (group) => canonical(settingsOf(group)));
  const levels = [...alike.values()].map((own) => {
    const levelNames = [...new Set(own.map(({ factors }) => factors[name]!))];
    return { label: commonName(levelNames), names: levelNames, set: settingsOf(own[0]!) };
  });
  // Levels with the most empty values, such as no moderator, come first: analyses compare other levels with
  // the first one.
  levels.sort((a, b) => emptyValues(b.set) - emptyValues(a.set));
  const labels = levels.map(({ label }) => label);
  return {
    name,
    levels: levels.map((level, index) =>
      labels.indexOf(level.label) === index ? level : { ...level, label: level.names.join(", ") }
    ),
  };
}

function emptyValues(set: Settings): number {
  return Object.values(set).filter((value) => value === null).length;
}

/**
 * The words that all names share, such as `calm` of `tiny_calm` and `small_calm`; the first name if they
 * share none.
 */
export function commonName(names: readonly string[]): string {
  const words = names.map((name) => name.split(/[\s_+-]+/));
  const shared = words[0]!.filter((word) => words.every((own) => own.includes(word))).join("_");
  return names.length === 1 || shared === "" ? names[0]! : shared;
}
