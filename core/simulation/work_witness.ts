/** What must be true of the work on discussions in one process, whatever happens: kept beside the engine. */
import type { DiscussionDesign } from "../events/mod.ts";
import type { EventStore } from "../ports/mod.ts";
import type { Fault, FaultCounts } from "./faults.ts";
import type { RequestWitness } from "./request_witness.ts";
import type { Scenario } from "./scenario.ts";
import { linesIn, type SimulatedDisk } from "./simulated_disk.ts";

/** Faults of the store: what they end is no discussion's or model's doing. */
const STORE_FAULTS: readonly Fault[] = [
  "failed-sync",
  "full-disk",
  "failed-cut-back",
  "failed-read",
  "vanished-log",
  "vanished-folder",
];

/** What the witness has to do with. */
export type WorkParts = Readonly<{
  scenario: Scenario;
  /** The witness of each model, by its name. */
  models: ReadonlyMap<string, RequestWitness>;
  disk: SimulatedDisk;
  counts: FaultCounts;
  /** Whether the program was told to end. */
  isEnding: () => boolean;
}>;

/** Sees which discussions are worked on. */
export class WorkWitness {
  readonly #parts: WorkParts;
  readonly #faultsBefore: number;
  /** Reads and appends that are under way: stream → how many. */
  readonly #storing = new Map<string, number>();
  #hasBegun = false;

  /** Begins with the process. */
  constructor(parts: WorkParts) {
    this.#parts = parts;
    this.#faultsBefore = this.#faults;
  }

  /** The same store, but for what is under way being seen. */
  witness(store: EventStore): EventStore {
    const begin = (stream: string) => {
      this.#hasBegun = true;
      this.#storing.set(stream, (this.#storing.get(stream) ?? 0) + 1);
    };
    const end = (stream: string) => {
      const left = this.#storing.get(stream)! - 1;
      if (left === 0) this.#storing.delete(stream);
      else this.#storing.set(stream, left);
    };
    return {
      append: (stream, expectedSeq, lines) => {
        begin(stream);
        return store.append(stream, expectedSeq, lines).finally(() => end(stream));
      },
      async *read(stream) {
        begin(stream);
        try {
          yield* store.read(stream);
        } finally {
          end(stream);
        }
      },
      streams: () => store.streams(),
      release: (stream) => store.release(stream),
    };
  }

  /** What must never happen, and is so now, when all that can happen at once has happened; `null` while all is well. */
  get breach(): string | null {
    const { scenario: { designs, concurrency }, isEnding } = this.#parts;
    if (!this.#hasBegun || isEnding() || this.#faults > this.#faultsBefore) return null;
    const busy = this.#busy;
    if (busy.size >= concurrency) return null;
    const idle = designs.find((design) =>
      !busy.has(design.id) && this.#canBeAsked(design) && !this.#hasEnded(design)
    );
    if (idle === undefined) return null;
    return `"${idle.id}" is not worked on, though there is a place for it and its models are there`;
  }

  /** What must never be so when the program has ended by itself. */
  get breachAtEnd(): string | null {
    if (this.#faults > this.#faultsBefore) return null;
    const left = this.#parts.scenario.designs.find((design) =>
      this.#areHealthy(design) && !this.#hasEnded(design)
    );
    return left === undefined ? null : `"${left.id}" has not ended, though all its requests were answered`;
  }

  get #faults(): number {
    return STORE_FAULTS.reduce((sum, fault) => sum + this.#parts.counts[fault], 0);
  }

  get #busy(): ReadonlySet<string> {
    const requests = [...this.#parts.models.values()].flatMap((witness) => [...witness.asking]);
    return new Set([...this.#storing.keys(), ...requests]);
  }

  /** Whether no request of its models failed in this process. */
  #areHealthy({ models }: DiscussionDesign): boolean {
    return Object.keys(models).every((model) => !this.#parts.models.get(model)!.hasFailed);
  }

  /** Whether its models never failed, and are waited for by nobody. */
  #canBeAsked(design: DiscussionDesign): boolean {
    if (!this.#areHealthy(design)) return false;
    return Object.keys(design.models).every((model) => this.#parts.models.get(model)!.isFree);
  }

  #hasEnded({ id }: DiscussionDesign): boolean {
    const lines = linesIn(this.#parts.disk.find(id)?.bytes ?? new Uint8Array());
    return lines.some((line) => /"type":"Discussion(Completed|Aborted)"/.test(line));
  }
}
