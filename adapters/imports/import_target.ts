/** Identifies and names imported discussions, and adds them to a folder. */
import { type DiscussionEvent, eventOf, type ImportOrigin } from "../../core/events/mod.ts";
import { EMPTY_CHAIN, encodeEvent } from "../../core/events/codec.ts";
import { readStream } from "../../core/engine/mod.ts";
import { quoted } from "../../core/experiment/problems.ts";
import type { ToldCondition } from "../formats/condition_rule.ts";
import { FormatError } from "../formats/format_error.ts";
import { eventsOfOutside, isSilence, type OutsideDiscussion } from "../formats/imported_discussion.ts";
import { nativeSha256 } from "../system.ts";
import type { ImportWriter } from "../../core/ports/mod.ts";
import { slugOf } from "../../core/experiment/plan.ts";

/** How much an import has added. */
export type ImportCounts = Readonly<{
  discussions: number;
  /** Discussions that were in the folder already, with the same content. */
  alreadyThere: number;
  /** Slots of the new discussions, silent slots included. */
  entries: number;
  silent: number;
}>;

/** Adds discussions to a folder: each once, completely, and under its own name. */
export class ImportTarget {
  readonly #folder: ImportWriter;
  readonly #atMs: number;
  readonly #identities = new Identities();
  #counts = { discussions: 0, alreadyThere: 0, entries: 0, silent: 0 };

  private constructor(folder: ImportWriter, atMs: number) {
    this.#folder = folder;
    this.#atMs = atMs;
  }

  static async of(folder: ImportWriter, atMs: number): Promise<ImportTarget> {
    const target = new ImportTarget(folder, atMs);
    // Sorted, so that every import chooses the same stream if two streams have one identity.
    for (const stream of (await Array.fromAsync(folder.store.streams())).sort()) {
      target.#identities.note(stream);
    }
    return target;
  }

  get counts(): ImportCounts {
    return this.#counts;
  }

  get plan(): Identities["plan"] {
    return this.#identities.plan;
  }

  async add(discussion: OutsideDiscussion, { condition, factors }: ToldCondition): Promise<void> {
    const { origin, slots } = discussion;
    const identity = identityOf(origin);
    const held = this.#identities.streamOf(identity);
    const seed = `imported/${identity}`;
    const { experiment } = this.#folder.manifest;
    const placed = (id: string, replicate: number) =>
      eventsOfOutside(discussion, { id, experiment: experiment.name, condition, factors, replicate, seed });
    if (held !== undefined) {
      await this.#checkSame(held, { id: origin.id ?? "", events: placed(held, 1) });
      this.#counts.alreadyThere++;
      return;
    }
    const { stream, replicate } = this.#identities.name(identity, condition);
    await this.#folder.importStream(stream, this.#sealed(stream, placed(stream, replicate)));
    this.#counts.discussions++;
    this.#counts.entries += slots.length;
    this.#counts.silent += slots.filter(({ by, text }) => by !== "opening" && isSilence(text)).length;
  }

  /** Throws if the stream differs from these events. The opening event and later annotations are not compared. */
  async #checkSame(
    stream: string,
    { id, events }: Readonly<{ id: string; events: readonly DiscussionEvent[] }>,
  ): Promise<void> {
    await this.#folder.flush();
    let place = 0;
    let isSame = true;
    for await (const envelope of readStream(this.#folder.store, stream, nativeSha256)) {
      if (place >= events.length) break;
      isSame &&= place === 0 || JSON.stringify(eventOf(envelope)) === JSON.stringify(events[place]);
      place++;
    }
    this.#folder.store.release(stream);
    if (isSame && place === events.length) return;
    throw new FormatError(
      `the folder already has another discussion with the id ${
        quoted(id)
      }, as "${stream}". Import this one ` +
        `into another folder`,
    );
  }

  #sealed(stream: string, events: readonly DiscussionEvent[]): string[] {
    let end = EMPTY_CHAIN;
    return events.map((event) => {
      const sealed = encodeEvent(stream, end, { pending: { event }, atMs: this.#atMs, sha256: nativeSha256 });
      end = sealed.end;
      return sealed.line;
    });
  }
}

const VERSION = "syndisco/import/1";

/**
 * The length of an identity, in characters. It is twice as long as in planned discussions, whose number is
 * known.
 */
const IDENTITY_LENGTH = 16;
const REPLICATE_DIGITS_MIN = 4;
const STREAM = new RegExp(`^(.*)\\.r(\\d+)\\.([0-9a-f]{${IDENTITY_LENGTH}})$`, "s");

/** A discussion's identity: a hash of its id in the file, or of the file's content when it has no id. */
function identityOf({ id, sha256 }: Pick<ImportOrigin, "id" | "sha256">): string {
  return nativeSha256(JSON.stringify([VERSION, id === undefined ? { sha256 } : { id }])).slice(
    0,
    IDENTITY_LENGTH,
  );
}

/** The streams of a folder, and the largest replicate number of each condition. Both follow from the streams' names. */
class Identities {
  readonly #streams = new Map<string, string>();
  /** Condition, in the form that names of streams have → its largest replicate number. */
  readonly #replicates = new Map<string, number>();

  /** Notes an existing stream. Ignores it if its name does not have the form of imported discussions' names. */
  note(stream: string): void {
    const [, slug, replicate, identity] = STREAM.exec(stream) ?? [];
    if (identity === undefined) return;
    this.#streams.set(identity, stream);
    this.#replicates.set(slug!, Math.max(Number(replicate), this.#replicates.get(slug!) ?? 0));
  }

  streamOf(identity: string): string | undefined {
    return this.#streams.get(identity);
  }

  name(identity: string, condition: string): Readonly<{ stream: string; replicate: number }> {
    const slug = slugOf(condition);
    const replicate = (this.#replicates.get(slug) ?? 0) + 1;
    const stream = `${slug}.r${String(replicate).padStart(REPLICATE_DIGITS_MIN, "0")}.${identity}`;
    this.note(stream);
    return { stream, replicate };
  }

  get plan(): Readonly<{ discussions: number; conditions: number; replications: number }> {
    return {
      discussions: this.#streams.size,
      conditions: this.#replicates.size,
      replications: Math.max(0, ...this.#replicates.values()),
    };
  }
}
