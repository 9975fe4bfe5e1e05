/**
 * The past of an experiment's discussions: the beginnings of discussions in another run, which they continue.
 */
import { decodeLine, EMPTY_CHAIN } from "../events/codec.ts";
import { DamagedLine } from "../events/event_type.ts";
import type { Envelope } from "../events/mod.ts";
import { type Past, pastOf, upToTurn } from "../discussion/past.ts";
import type { PastSource, SourceReader } from "../ports/source_reader.ts";
import { portableSha256 } from "../sha256.ts";
import { listOf, recordOf } from "./document.ts";
import type { Persona } from "./experiment.ts";
import type { ReadDesign } from "./factors.ts";
import { holds } from "./factor_paths.ts";
import { type Finding, listed, quoted } from "./problems.ts";
import { pastSchema } from "./schema.ts";

type Content = Readonly<Record<string, unknown>>;

/** If a past has more discussions than this, its name contains only the first of them. */
const NAMED_MAX = 3;
const HASH_LENGTH = 8;

/**
 * The beginnings that one `past` names. `text` has the lines of their logs. Or the reason why they cannot be
 * read.
 */
type ReadPast = Readonly<{ text: string; pasts: readonly Past[] }> | Readonly<{ unreadable: string }>;

/** The pasts that an experiment names: name → past. */
export type Pasts = ReadonlyMap<string, ReadPast>;

/** The well-formed past of a file's content; `null` if it has none. */
export function pastSourceIn(content: Content): PastSource | null {
  const { success, data } = pastSchema.safeParse(recordOf(content.discussion).past);
  return success && (data.condition === undefined) !== (data.discussions === undefined) ? data : null;
}

/** The file name of a past. The run keeps a copy of the past under this name. */
export function pastName({ run, condition, discussions = [], at }: PastSource): string {
  return `past of ${run}, ${condition ?? listOfNames(discussions)}, turn ${at}.jsonl`;
}

/** The names of the discussions. If there are many, the first name and a hash of all names. */
function listOfNames(discussions: readonly string[]): string {
  if (discussions.length <= NAMED_MAX) return discussions.join(", ");
  const hash = portableSha256(JSON.stringify(discussions)).slice(0, HASH_LENGTH);
  return `${discussions[0]} and ${discussions.length - 1} more (${hash})`;
}

/** Reads the pasts that the combinations of levels name. Each past is read only once. */
export async function readPasts(contents: readonly Content[], reader: SourceReader): Promise<Pasts> {
  const pasts = new Map<string, ReadPast>();
  for (const source of contents.map(pastSourceIn)) {
    if (source === null || pasts.has(pastName(source))) continue;
    pasts.set(pastName(source), await readPast(source, reader));
  }
  return pasts;
}

async function readPast(source: PastSource, reader: SourceReader): Promise<ReadPast> {
  try {
    // Inside a run, the reader has no other runs. It has a copy of the past.
    const text = await (reader.readPast?.(source) ?? reader.readText(pastName(source)));
    return { text, pasts: pastsIn(text, source.at) };
  } catch (error) {
    return { unreadable: error instanceof Error ? error.message : String(error) };
  }
}

/** How the first line of each log begins. */
const FIRST_LINE = /^\{"stream":"(?:[^"\\]|\\.)*","seq":0,/;

/**
 * The pasts in the lines of several logs, one log after the other.
 *
 * @throws {Error} If a line is damaged.
 */
function pastsIn(text: string, at: number): readonly Past[] {
  const logs: Envelope[][] = [];
  let end = EMPTY_CHAIN;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    if (FIRST_LINE.test(line)) {
      logs.push([]);
      end = EMPTY_CHAIN;
    }
    const log = logs.at(-1) ?? [];
    const envelope = decodedLine(line, end, log[0]?.stream);
    if ("sealed" in envelope.data && envelope.data.sealed !== undefined) throw hasPeople(envelope);
    end = { seq: end.seq + 1, hash: envelope.hash };
    log.push(envelope);
  }
  return logs.map((log) => {
    const { events, turns } = upToTurn(log, at);
    const past = pastOf(log);
    if (past !== null && turns === at && events.length === log.length) return past;
    throw new Error(`the past of "${log[0]!.stream}" does not end with turn ${at}`);
  });
}

/**
 * The error for a past with words of people. A withdrawal from their run could not delete copies in another
 * run.
 */
function hasPeople({ stream }: Envelope): Error {
  return new Error(
    `the discussion "${stream}" has words of people, who agreed to take part only in that run. ` +
      "Continue discussions without people, or end the past before their first comment",
  );
}

function decodedLine(line: string, end: typeof EMPTY_CHAIN, stream: string | undefined): Envelope {
  try {
    const envelope = decodeLine(line, end, portableSha256);
    if (stream === undefined || envelope.stream === stream) return envelope;
    throw new DamagedLine("wrong-place", `the line belongs to the stream "${envelope.stream}"`);
  } catch (error) {
    if (!(error instanceof DamagedLine)) throw error;
    throw new Error(`the past${stream === undefined ? "" : ` of "${stream}"`} is damaged: ${error.message}`, {
      cause: error,
    });
  }
}

/** Checks whether the content of a file fits its past. */
export function pastFindings(file: Content, pasts: Pasts, personas: readonly Persona[]): readonly Finding[] {
  const { past: written, turns, interventions } = recordOf(file.discussion);
  if (written === undefined) return [];
  const path = ["discussion", "past"];
  if (!pastSchema.safeParse(written).success) return [];
  const source = pastSourceIn(file);
  if (source === null) return [{ path, message: "expected either discussions or condition" }];
  const read = pasts.get(pastName(source))!;
  if ("unreadable" in read) {
    return [{
      path,
      message: `cannot continue the discussions of ${quoted(source.run)}: ${read.unreadable}`,
    }];
  }
  const { at } = source;
  const findings: Finding[] = [];
  if (isTurn(turns) && turns <= at) {
    const message =
      `the discussions end with turn ${turns}, but their past already has ${at} turns: give them more turns`;
    findings.push({ path: ["discussion", "turns"], message });
  }
  const known = new Set(personas.map(({ name }) => name));
  const speakers = read.pasts.flatMap(({ design }) => design.participants.map(({ name }) => name));
  const missing = new Set(personas.length === 0 ? [] : speakers.filter((name) => !known.has(name)));
  if (missing.size > 0) {
    const message = `expected a persona for everybody who takes part in the past, found none for ${
      listed([...missing].map(quoted))
    }`;
    findings.push({ path: ["participants", "personas"], message });
  }
  for (const [index, intervention] of listOf(interventions).entries()) {
    const { after, author, text } = recordOf(intervention);
    if (!isTurn(after) || after >= at) continue;
    const isPosted = read.pasts.every(({ events }) =>
      events.some(({ event: { type, data } }) =>
        type === "InterventionPosted" && data.turn === after - 1 && data.author === author &&
        data.text === text
      )
    );
    if (isPosted) continue;
    const message =
      `expected turn ${at} or a later one, because the discussions continue after turn ${at}, found ${after}`;
    findings.push({ path: ["discussion", "interventions", index, "after"], message });
  }
  return findings;
}

/** Whether a value can be the number of a turn. If it cannot, the schema reports it. */
function isTurn(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

/** The values that the past decides. */
const DECIDED = [["participants", "count"], ["participants", "pinned"], ["openings"]];

/** Refuses factors that would change nothing, because the past decides their values. */
export function decidedFindings({ factors, vary }: ReadDesign, contents: readonly Content[]): Finding[] {
  if (contents.every((content) => pastSourceIn(content) === null)) return [];
  return [...factors, ...vary].flatMap(({ kind, path: factor, parts }) =>
    parts.flatMap(({ path, steps }): Finding[] => {
      const at = { path: ["design", kind, factor], part: "key" } as const;
      if (DECIDED.some((decided) => holds(decided, steps))) {
        return [{ ...at, message: `${quoted(path)} cannot vary: the past decides it` }];
      }
      const isPast = kind === "vary" && holds(["discussion"], steps) &&
        (steps.length === 1 || steps[1] === "past");
      return isPast
        ? [{ ...at, message: `${quoted(path)} cannot vary within a condition: make it a factor` }]
        : [];
    })
  );
}
