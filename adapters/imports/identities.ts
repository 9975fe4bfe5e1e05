/** Which discussions a folder of imported ones holds: names tell it, no log is read. */
import { slugOf } from "../../core/experiment/discussion_id.ts";
import type { ImportOrigin } from "../../core/events/mod.ts";
import { nativeSha256 } from "../system.ts";

const VERSION = "syndisco/import/1";

/** Twice as long as that of planned discussions: nobody counts beforehand how many will be imported. */
const IDENTITY_LENGTH = 16;
const REPLICATE_DIGITS_MIN = 4;
const STREAM = new RegExp(`^(.*)\\.r(\\d+)\\.([0-9a-f]{${IDENTITY_LENGTH}})$`, "s");

/** What a discussion is known by: its id in its file, or the file's content where it has none. */
export function identityOf({ id, sha256 }: Pick<ImportOrigin, "id" | "sha256">): string {
  return nativeSha256(JSON.stringify([VERSION, id === undefined ? { sha256 } : { id }])).slice(
    0,
    IDENTITY_LENGTH,
  );
}

/** The streams of a folder, and the numbers that the next ones get. */
export class Identities {
  readonly #streams = new Map<string, string>();
  /** Condition, as names write it → its largest number. */
  readonly #replicates = new Map<string, number>();

  /** Notes a stream that is there. @param stream Its name; others than imported ones are passed over. */
  note(stream: string): void {
    const [, slug, replicate, identity] = STREAM.exec(stream) ?? [];
    if (identity === undefined) return;
    this.#streams.set(identity, stream);
    this.#replicates.set(slug!, Math.max(Number(replicate), this.#replicates.get(slug!) ?? 0));
  }

  /** The stream of a discussion that is there already. */
  streamOf(identity: string): string | undefined {
    return this.#streams.get(identity);
  }

  /**
   * Names a new discussion.
   *
   * @param identity What it is known by; none of that identity is there.
   * @param condition Its condition's label.
   */
  name(identity: string, condition: string): Readonly<{ stream: string; replicate: number }> {
    const slug = slugOf(condition);
    const replicate = (this.#replicates.get(slug) ?? 0) + 1;
    const stream = `${slug}.r${String(replicate).padStart(REPLICATE_DIGITS_MIN, "0")}.${identity}`;
    this.note(stream);
    return { stream, replicate };
  }

  /** How many there are of everything. */
  get plan(): Readonly<{ discussions: number; conditions: number; replications: number }> {
    return {
      discussions: this.#streams.size,
      conditions: this.#replicates.size,
      replications: Math.max(0, ...this.#replicates.values()),
    };
  }
}
