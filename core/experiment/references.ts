/**
 * Checks whether the sections of an experiment file fit together. Values with a wrong type are not checked.
 */
import { isRecord, listOf, recordOf } from "./document.ts";
import type { Persona } from "./experiment.ts";
import { type Extensions, isExtensionPath } from "./extensions.ts";
import { modelOptions, withProvider } from "./models.ts";
import { comparable } from "./personas.ts";
import { pastFindings } from "./past.ts";
import { type Finding, listed, mismatch, type Path, quoted, suggesting, within } from "./problems.ts";
import { readSchedule, readTurnTaking } from "./rules.ts";
import type { Referred } from "./sources.ts";

type Content = Readonly<Record<string, unknown>>;

export const NO_MODERATOR = "none";

/** Reports values that do not fit other values, such as unknown names. The schema reports values of a wrong type. */
export function referenceFindings(file: Content, referred: Referred): readonly Finding[] {
  const { extensions } = referred;
  return [
    ...modelFindings(recordOf(file.models), extensions),
    ...participantFindings(file, referred),
    ...(file.openings === undefined ? [] : within(["openings"], referred.openings(file.openings).findings)),
    ...within(
      ["discussion", "turnTaking"],
      readTurnTaking(recordOf(file.discussion).turnTaking, extensions).findings,
    ),
    ...interventionFindings(recordOf(file.discussion)),
    ...within(["discussion"], templateFindings(recordOf(file.discussion), referred)),
    ...moderatorFindings(file, extensions),
    ...activeModeratorFindings(file, referred),
    ...pastFindings(file, referred.pasts, referred.personas(recordOf(file.participants).personas).items),
  ];
}

function templateFindings({ templates, layout }: Content, referred: Referred): readonly Finding[] {
  if (typeof templates !== "string") return [];
  if (layout === "dialogue" && templates !== "dialogue") {
    const message = `the template set ${quoted(templates)} has its own layout: remove this key`;
    return [{ path: ["layout"], part: "key", message }];
  }
  return within(["templates"], referred.templates(templates).findings);
}

export function modelFindings(models: Content, extensions: Extensions): Finding[] {
  return Object.entries(models).flatMap(([name, model]) =>
    isRecord(model) ? within(["models", name], entryFindings(model, extensions)) : []
  );
}

function entryFindings(model: Content, extensions: Extensions): readonly Finding[] {
  const { adapter, provider } = model;
  if (provider !== undefined) {
    if (typeof provider !== "string") return [];
    const findings = providerFindings(provider, model, extensions);
    if (findings.length > 0) return findings;
  } else if (adapter === undefined) {
    return [mismatch(["adapter"], "the name or path of an adapter, or a provider", undefined)];
  }
  const full = withProvider(model, extensions);
  return typeof full.adapter === "string" ? adapterFindings(full.adapter, full, extensions) : [];
}

function providerFindings(name: string, entry: Content, { providers }: Extensions): readonly Finding[] {
  const { adapter } = entry;
  const path = ["provider"];
  const known = [...providers?.keys() ?? []];
  const provider = providers?.get(name);
  if (provider === undefined) {
    const expected = known.length === 0 ? "no provider" : listed(known, known.length);
    const message = `there is no provider ${quoted(name)}: expected ${expected}; for another server, ` +
      `leave out provider and give adapter: openai with baseUrl`;
    return [suggesting({ path, message, expected, found: quoted(name) }, name, known)];
  }
  if (typeof adapter !== "string" || adapter === provider.adapter) return provider.check?.(entry) ?? [];
  const message =
    `the provider ${quoted(name)} needs the adapter ${provider.adapter}, found ${quoted(adapter)}: ` +
    `leave out one of them`;
  return [{ path, message }];
}

function adapterFindings(adapter: string, model: Content, extensions: Extensions): readonly Finding[] {
  const path = ["adapter"];
  const reason = extensions.unloadable?.get(adapter);
  if (reason !== undefined) return [{ path, message: `cannot load ${quoted(adapter)}: ${reason}` }];
  if (extensions.unloaded?.has(adapter)) return [];
  if (!extensions.adapters.includes(adapter)) {
    const expected = listed(extensions.adapters);
    const message = `there is no adapter ${quoted(adapter)}: expected ${expected}, or the path of your own`;
    const finding = { path, message, expected, found: quoted(adapter) };
    return [isExtensionPath(adapter) ? finding : suggesting(finding, adapter, extensions.adapters)];
  }
  return [
    ...extensions.checkEntry?.(adapter, model) ?? [],
    ...extensions.checkModel?.(adapter, modelOptions(model)) ?? [],
  ];
}

function participantFindings(file: Content, { personas: read }: Referred): Finding[] {
  const participants = recordOf(file.participants);
  const findings = modelNameFindings(participants.model, recordOf(file.models));
  const { pinnedModel } = participants;
  if (typeof pinnedModel === "string") {
    const unknown = unknownName(pinnedModel, {
      kind: "model",
      names: recordOf(file.models),
      path: ["pinnedModel"],
    });
    findings.push(...unknown);
    if (listOf(participants.pinned).length === 0) {
      findings.push({
        path: ["pinnedModel"],
        part: "key",
        message: "no persona is pinned: add the key pinned",
      });
    }
  }
  if (Object.hasOwn(participants, "personas")) {
    const { items, findings: wrong, sound } = read(participants.personas);
    findings.push(...within(["personas"], wrong));
    if (sound) findings.push(...seatFindings(participants, items));
  }
  return within(["participants"], [...findings, ...roleFindings(participants)]);
}

export function modelNameFindings(written: unknown, models: Content): Finding[] {
  const names = Array.isArray(written) ? written : [written];
  return names.flatMap((name: unknown, index) =>
    typeof name !== "string" ? [] : unknownName(name, {
      kind: "model",
      names: models,
      path: Array.isArray(written) ? ["model", index] : ["model"],
    })
  );
}

function unknownName(
  name: string,
  { kind, names, path }: Readonly<{ kind: string; names: Content; path: Path }>,
): Finding[] {
  if (Object.hasOwn(names, name)) return [];
  const known = Object.keys(names);
  const there = known.length === 0 ? `the file has no ${kind}s` : `expected ${listed(known)}`;
  const message = `there is no ${kind} ${quoted(name)}: ${there}`;
  return [suggesting({ path, message, expected: listed(known), found: quoted(name) }, name, known)];
}

export function tooMany(count: number, limit: number, of: string): Omit<Finding, "path"> {
  const expected = `at most ${limit}${of}`;
  return { message: `expected ${expected}, found ${count}`, expected, found: `${count}` };
}

function seatFindings(participants: Content, personas: readonly Persona[]): Finding[] {
  const findings: Finding[] = [];
  const count = Number.isSafeInteger(participants.count) ? Number(participants.count) : personas.length;
  if (count > personas.length) {
    findings.push({ path: ["count"], ...tooMany(count, personas.length, ", the number of personas") });
  }
  const names = new Set(personas.map(({ name }) => name));
  const pinned = listOf(participants.pinned);
  for (const [index, name] of pinned.entries()) {
    if (typeof name !== "string") continue;
    const path = ["pinned", index];
    if (!names.has(name)) {
      findings.push(suggesting({ path, message: `there is no persona ${quoted(name)}` }, name, names));
    } else if (pinned.indexOf(name) !== index) {
      findings.push({ path, message: `${quoted(name)} is pinned twice` });
    }
  }
  if (pinned.length > count) {
    const message = `${pinned.length} personas are pinned, but ${count} take part`;
    findings.push({ path: ["pinned"], message });
  }
  const holders = listOf(participants.roles).map((role) => recordOf(role).count)
    .filter(Number.isSafeInteger).reduce<number>((sum, holding) => sum + Number(holding), 0);
  if (holders > count) {
    const message = `the roles' counts need ${holders} participants, but ${count} take part`;
    findings.push({ path: ["roles"], message });
  }
  return findings;
}

function roleFindings(participants: Content): Finding[] {
  const names: unknown[] = [];
  return listOf(participants.roles).flatMap((role, index) => {
    if (!isRecord(role)) return [];
    const path = ["roles", index];
    const findings: Finding[] = [];
    const hasProbability = role.probability !== undefined;
    if (hasProbability === (role.count !== undefined)) {
      const found = hasProbability ? "both" : "neither";
      const expected = "either probability or count";
      findings.push({ path, message: `expected ${expected}, found ${found}`, expected, found });
    }
    if (typeof role.name === "string" && names.includes(role.name)) {
      findings.push({ path: [...path, "name"], message: `two roles have the name ${quoted(role.name)}` });
    }
    if (role.name !== undefined) names.push(role.name);
    return findings;
  });
}

function interventionFindings({ turns, interventions }: Content): Finding[] {
  return listOf(interventions).flatMap((intervention, index) => {
    const { after } = recordOf(intervention);
    if (!Number.isSafeInteger(after) || !Number.isSafeInteger(turns) || Number(after) <= Number(turns)) {
      return [];
    }
    const path = ["discussion", "interventions", index, "after"];
    return [{ path, message: `there is no turn ${after}: the discussion has ${turns} turns` }];
  });
}

function moderatorFindings(file: Content, extensions: Extensions): Finding[] {
  return Object.entries(recordOf(file.moderators)).flatMap(([key, moderator]) => {
    if (!isRecord(moderator)) return [];
    const { schedule, model } = moderator;
    const read = schedule === undefined ? null : readSchedule(schedule, extensions);
    return within(["moderators", key], [
      ...within(["schedule"], read?.findings ?? []),
      ...typeof model === "string" ? modelNameFindings(model, recordOf(file.models)) : [],
    ]);
  });
}

function activeModeratorFindings(file: Content, { personas: read }: Referred): Finding[] {
  const { moderator: key } = file;
  if (typeof key !== "string" || key === NO_MODERATOR) return [];
  const moderators = recordOf(file.moderators);
  const unknown = unknownName(key, { kind: "moderator", names: moderators, path: ["moderator"] });
  if (unknown.length > 0) return unknown;
  const name = recordOf(moderators[key]).name ?? "Moderator";
  const same = typeof name === "string" &&
    read(recordOf(file.participants).personas).items.some((persona) =>
      comparable(persona.name) === comparable(name)
    );
  if (!same) return [];
  const message = `${quoted(name)} is also the name of a persona: readers could not tell them apart`;
  return [{ path: ["moderators", key, "name"], message }];
}
