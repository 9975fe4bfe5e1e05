/** The plan of an experiment: the list of its discussions. Each discussion is made when it is needed. */
import { type DiscussionDesign, type ForkOrigin, type ModelSpec, type Participant } from "../events/mod.ts";
import type { Past } from "../discussion/past.ts";
import { portableSha256, type Sha256 } from "../sha256.ts";
import { specOf } from "./model_keys.ts";
import { openDraw } from "../random/mod.ts";
import { type SeedOf, seedsOf } from "./matched.ts";
import type { Condition, DiscussionSettings, Experiment, Opening, Persona, Role } from "./experiment.ts";

/** The discussions of an experiment. A plan takes the same memory for any number of discussions. */
export interface Plan extends Iterable<DiscussionDesign> {
  /** How many discussions there are. */
  readonly size: number;
  /** The conditions, in the order that they have in each replicate. */
  readonly conditions: readonly Condition[];
  /**
   * The discussion at a 0-based index. The conditions of a replicate follow each other, so that a stopped run
   * has about equally many discussions of each condition.
   */
  at(index: number): DiscussionDesign;
  /**
   * The discussion with an id; `null` if there is none. The first call stores the ids of all discussions in
   * memory.
   */
  find(id: string): DiscussionDesign | null;
}

/** Plans the discussions of an experiment. Equal experiments have equal plans. */
export function planDiscussions(experiment: Experiment, sha256: Sha256 = portableSha256): Plan {
  const { conditions, replications, seed } = experiment;
  const size = conditions.length * replications;
  let indices: Map<string, number> | null = null;
  const keyAt = (index: number) => ({
    condition: conditions[index % conditions.length]!,
    replicate: Math.floor(index / conditions.length) + 1,
  });
  const at = (index: number): DiscussionDesign => {
    if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
      throw new RangeError(`Cannot plan discussion "${index}": the experiment has ${size} discussions`);
    }
    return designOf(experiment, { ...keyAt(index), sha256 });
  };
  return {
    size,
    conditions,
    at,
    find(id) {
      indices ??= new Map(
        Array.from({ length: size }, (_, index) => [discussionId({ seed, ...keyAt(index) }, sha256), index]),
      );
      const index = indices.get(id);
      return index === undefined ? null : at(index);
    },
    *[Symbol.iterator]() {
      for (let index = 0; index < size; index++) yield at(index);
    },
  };
}

type Cell = Readonly<{ condition: Condition; replicate: number; sha256: Sha256 }>;

function designOf(experiment: Experiment, { condition, replicate, sha256 }: Cell): DiscussionDesign {
  const { seed, seedOf } = seedsOf(experiment, condition.factors, replicate);
  const past = pastFor(condition.variants[0]!, replicate);
  const { variant, varied } = drawVariant(experiment, seedOf, past);
  const settings = condition.variants[variant]!;
  const participants = past === null
    ? drawParticipants(settings, seedOf)
    : continuing(settings, past, seedOf);
  return {
    id: discussionId({ seed: experiment.seed, condition, replicate }, sha256),
    experiment: experiment.name,
    condition: condition.label,
    factors: condition.factors,
    varied,
    replicate,
    seed,
    ...ownSeeds(seed, seedOf),
    participants,
    moderator: settings.moderator,
    openings: past?.design.openings ?? drawOpenings(settings.openings, participants, seedOf),
    ...(settings.interventions.length === 0 ? {} : { interventions: settings.interventions }),
    turns: settings.turns,
    history: settings.history,
    turnTaking: settings.turnTaking,
    passWord: settings.passWord,
    prompt: settings.prompt,
    models: usedModels(settings, participants),
    ...(past === null ? {} : { forkedFrom: past.origin }),
  };
}

/** The seeds of the draws that the discussion makes while it runs, if they differ from its seed. */
function ownSeeds(seed: string, seedOf: SeedOf): Pick<DiscussionDesign, "ownSeeds"> {
  const own = (["speakers", "sampling"] as const).filter((draw) => seedOf(draw) !== seed);
  if (own.length === 0) return {};
  return { ownSeeds: Object.fromEntries(own.map((draw) => [draw, seedOf(draw)])) };
}

/**
 * The discussion that a replicate continues. It is the same in all conditions, so that they can be compared
 * in pairs.
 */
function pastFor({ past }: DiscussionSettings, replicate: number): Past | null {
  return past === null ? null : past[(replicate - 1) % past.length]!;
}

/** Returns a function that finds the past of a branch of the plan; `null` if the plan does not have this past. */
export function pastsOf({ conditions }: Plan): (origin: ForkOrigin) => Past | null {
  const pasts = conditions.flatMap(({ variants }) => variants[0]!.past ?? []);
  const byHash = new Map(pasts.map((past) => [past.origin.hash, past]));
  return ({ hash }) => byHash.get(hash) ?? null;
}

/**
 * Draws the level of each varied value. A branch does not draw if the file still has the level of its past.
 */
function drawVariant({ vary }: Experiment, seedOf: SeedOf, past: Past | null) {
  let variant = 0;
  const varied: [string, string][] = [];
  for (const { path, levels } of vary) {
    const kept = levels.findIndex(({ label }) => label === past?.design.varied[path]);
    const level = kept !== -1 ? kept : openDraw(seedOf("vary"), `vary/${path}`).below(levels.length);
    variant = variant * levels.length + level;
    varied.push([path, levels[level]!.label]);
  }
  return { variant, varied: Object.fromEntries(varied) };
}

/**
 * Draws the participants. In a replicate, three participants are the first three of a discussion with five.
 */
function drawParticipants(settings: DiscussionSettings, seedOf: SeedOf): readonly Participant[] {
  const { pinned, pinnedModel, others, count, participantModels, roles } = settings;
  const personas = [
    ...pinned,
    ...openDraw(seedOf("personas"), "personas").sample(others, count - pinned.length),
  ];
  const models = participantModels.length === 1 ? null : openDraw(seedOf("models"), "models");
  const given = drawRoles(roles, personas, seedOf("roles"));
  return personas.map(({ name, attributes }, place) => {
    const own = place < pinned.length ? pinnedModel : null;
    const model = own ?? models?.pick(participantModels) ?? participantModels[0]!;
    const role = given[place];
    return { name, model, persona: attributes, ...(role === undefined ? {} : { role }) };
  });
}

/**
 * The participants of the past, in their seats. The past decides who takes part and in which role. The
 * experiment file describes the personas and the roles. A participant keeps its model if the file still has
 * this model.
 */
function continuing(settings: DiscussionSettings, { design }: Past, seedOf: SeedOf): readonly Participant[] {
  const { pinned, pinnedModel, others, participantModels, roles } = settings;
  const known = new Set([...participantModels, pinnedModel]);
  const personas = new Map([...pinned, ...others].map((persona) => [persona.name, persona]));
  const draw = openDraw(seedOf("models"), "models");
  return design.participants.map(({ name, model, role: before }) => {
    const role = roles.find((one) => one.name === before?.name);
    return {
      name,
      model: known.has(model) ? model : draw.pick(participantModels),
      persona: personas.get(name)!.attributes,
      ...(role === undefined ? {} : { role: { name: role.name, instructions: role.instructions } }),
    };
  });
}

/**
 * Draws who has which role. Each role has a separate random stream, so that adding a role or a participant
 * does not change the draws of the others.
 */
function drawRoles(
  roles: readonly Role[],
  { length }: readonly Persona[],
  seed: string,
): readonly Participant["role"][] {
  const given = new Array<Participant["role"]>(length).fill(undefined);
  for (const [index, role] of roles.entries()) {
    const draw = openDraw(seed, "roles", role.name);
    const numbers = given.map(() => draw.uniform());
    const free = [...given.keys()].filter((place) => given[place] === undefined);
    // Roles with a probability leave enough participants for the later roles with a count.
    const wanted = "count" in role ? role.count : free.length - countedAmong(roles.slice(index + 1));
    const chosen = lowest(free, numbers).slice(0, Math.max(0, wanted))
      .filter((place) => "count" in role || numbers[place]! < role.probability);
    for (const place of chosen) given[place] = { name: role.name, instructions: role.instructions };
  }
  return given;
}

function countedAmong(roles: readonly Role[]): number {
  return roles.reduce((sum, role) => sum + ("count" in role ? role.count : 0), 0);
}

function lowest(places: readonly number[], numbers: readonly number[]): number[] {
  return places.toSorted((a, b) => numbers[a]! - numbers[b]!);
}

/**
 * Draws the opening, and the authors of its comments without an author. The participants become authors in
 * random order. If there are more comments than participants, this order is repeated.
 */
function drawOpenings(
  openings: readonly Opening[],
  participants: readonly Participant[],
  seedOf: SeedOf,
): DiscussionDesign["openings"] {
  if (openings.length === 0) return [];
  const seed = seedOf("openings");
  const opening = openDraw(seed, "openings").pick(openings);
  const draw = openDraw(seed, "openings/speakers");
  const numbers = participants.map(() => draw.uniform());
  const authors = new Set(opening.map(({ author }) => author));
  const all = lowest([...participants.keys()], numbers).map((place) => participants[place]!.name);
  const silent = all.filter((name) => !authors.has(name));
  const speakers = silent.length > 0 ? silent : all;
  let next = 0;
  return opening.map(({ author, text }) => ({
    author: author ?? speakers[next++ % speakers.length]!,
    text,
  }));
}

function usedModels(
  { models, moderator }: DiscussionSettings,
  participants: readonly Participant[],
): Readonly<Record<string, ModelSpec>> {
  const used = new Set(participants.map(({ model }) => model));
  if (moderator !== null) used.add(moderator.model);
  return Object.fromEntries([...used].sort().map((name) => [name, specOf(models[name]!)]));
}

/**
 * The version of the rule for ids. Runs find their logs by these ids, so a changed rule needs a new version.
 */
const ID_VERSION = "syndisco/id/1";

const SLUG_LENGTH_MAX = 48;

const HASH_LENGTH = 8;
const REPLICATE_DIGITS_MIN = 4;

/** Names that Windows reserves for devices. */
const DEVICE_NAME = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** The values that determine a discussion's id. */
export type DiscussionKey = Readonly<{
  seed: string;
  condition: Readonly<{ label: string; factors: Readonly<Record<string, string>> }>;
  replicate: number;
}>;

/**
 * The id of a discussion, which is also the name of its stream and file: `<label>.r<replicate>.<8 hexadecimal digits>`.
 * It depends only on the seed, the levels of the condition and the replicate. So the ids stay the same when
 * replications or levels are added.
 */
export function discussionId(key: DiscussionKey, sha256: Sha256 = portableSha256): string {
  const { seed, condition, replicate } = key;
  const parts = [ID_VERSION, seed, Object.entries(condition.factors), replicate];
  const hash = sha256(JSON.stringify(parts)).slice(0, HASH_LENGTH);
  return `${slugOf(condition.label)}.r${String(replicate).padStart(REPLICATE_DIGITS_MIN, "0")}.${hash}`;
}

/** Turns a label into a part of a file name: 1 to 48 characters that are safe in every file system and shell. */
export function slugOf(label: string): string {
  const safe = label.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^A-Za-z0-9._+]+/g, "-");
  const slug = safe.slice(0, SLUG_LENGTH_MAX).replace(/\.{2,}/g, ".").replace(/^[-.]+|[-.]+$/g, "");
  if (slug === "") return "condition";
  return DEVICE_NAME.test(slug) ? `${slug}-` : slug;
}
