/** Reads the vectors of comments that `report --human` compares. */
import {
  readVectorModels,
  readVectors,
  sameVectorModel,
  type VectorModel,
  type Vectors,
} from "../../core/embedding/mod.ts";
import { nativeSha256 } from "../../adapters/system.ts";
import { readRun } from "../../adapters/stores/mod.ts";
import type { CommentVector, VectorsOf } from "../../analysis/outcomes/mod.ts";
import { type LogCollector, type ReadLog, wasAsked } from "../../analysis/projections/mod.ts";
import type { HumanVectors } from "../../analysis/report/sections/mod.ts";
import type { Envelope } from "../../core/events/mod.ts";
import { sealedWords } from "../../core/people/mod.ts";
import { RunError } from "../../core/run_log/mod.ts";
import { shownPath } from "../shared/program.ts";
import type { RunLogs } from "../shared/logs.ts";

/** Makes the collectors for the logs of a run, by the run's name. */
export type Collectors = (run: string, logs: RunLogs) => Promise<readonly LogCollector[]>;

/** Vectors to compare. They are complete when the logs of both corpora have been read with the collectors. */
export type SharedVectors = Readonly<{ vectors: HumanVectors; models: Collectors; people: Collectors }>;

/**
 * Finds a model that made vectors of all runs and of the corpus.
 *
 * @param runs The places of the runs.
 * @param corpus The place of the corpus.
 * @throws {RunError} When there is no run at a place, or the list of its models is damaged.
 */
export async function sharedVectors(runs: readonly string[], corpus: string): Promise<SharedVectors> {
  const known = new Map<string, readonly VectorModel[]>();
  for (const place of [...runs, corpus]) known.set(place, await readVectorModels(await readRun(place)));
  const [first, ...others] = known.values();
  const shared = others.reduce(
    (left, models) => left.filter((model) => sameVectorModel([model], models) !== null),
    first!,
  );
  const [model] = shared;
  if (model === undefined) {
    const none = () => Promise.resolve([]);
    return { vectors: { kind: "none", advice: adviceFor(known) }, models: none, people: none };
  }
  const dimension: Dimension = { elements: null };
  const [models, people] = [new FoundVectors(model, dimension), new FoundVectors(model, dimension)];
  const advice = `To make them: ${[...known.keys()].map(embedCommand).join("; ")}`;
  return {
    vectors: { kind: "made", model: model.name, models: models.of, people: people.of, advice },
    models: models.collectors,
    people: people.collectors,
  };
}

function adviceFor(known: ReadonlyMap<string, readonly VectorModel[]>): string {
  const without = [...known].flatMap(([place, models]) => models.length === 0 ? [place] : []);
  const not = "What the comments mean is not compared:";
  if (without.length > 0) {
    const which = without.length === known.size
      ? "no run has vectors of its comments"
      : `${without.map(shownPath).join(", ")} ${
        without.length === 1 ? "has no vectors of its" : "have no vectors of their"
      } comments`;
    return `${not} ${which}. To make them with an embedding model: ${without.map(embedCommand).join("; ")}`;
  }
  const names = [...known].map(([place, models]) =>
    `${shownPath(place)}: ${models.map(({ name }) => name).join(", ")}`
  );
  return `${not} no embedding model made vectors of all runs (${
    names.join("; ")
  }). To use one model for all: ${[...known.keys()].map(embedCommand).join("; ")}`;
}

function embedCommand(place: string): string {
  return `embed ${shownPath(place)} --with FILE`;
}

/** The number of elements that each vector has; `null` before the first vector was read. */
type Dimension = { elements: number | null };

/** The vectors of the comments of some runs, by run and discussion. */
class FoundVectors {
  readonly #model: VectorModel;
  readonly #dimension: Dimension;
  readonly #found = new Map<string, Map<string, ReadonlyMap<number, CommentVector>>>();

  constructor(model: VectorModel, dimension: Dimension) {
    this.#model = model;
    this.#dimension = dimension;
  }

  readonly of: VectorsOf = ({ run, discussion }) => this.#found.get(run)?.get(discussion);

  readonly collectors: Collectors = async (name, { run }) => {
    const found = new Map<string, ReadonlyMap<number, CommentVector>>();
    this.#found.set(name, found);
    const vectors = await readVectors(run, this.#model);
    const [vector] = vectors.values();
    const elements = this.#dimension.elements ??= vector?.length ?? null;
    if (vector !== undefined && vector.length !== elements) {
      throw new RunError(
        "unusable",
        `Cannot compare the vectors of the run "${run.place}": they have ${vector.length} elements, and other vectors by the ` +
          `model "${this.#model.name}" have ${elements}. Give the command embed with --again: it makes the vectors again`,
      );
    }
    return [new VectorTally(vectors, found)];
  };
}

/**
 * Finds the vectors of comments while logs are read. A vector is stored under the hash of its text, so it
 * fits the text.
 */
class VectorTally implements LogCollector {
  readonly #vectors: Vectors;
  readonly #found: Map<string, ReadonlyMap<number, CommentVector>>;
  /** The numbers of comments that are encrypted in the current log, because people wrote them. */
  #ofPeople = new Set<number>();

  constructor(vectors: Vectors, found: Map<string, ReadonlyMap<number, CommentVector>>) {
    this.#vectors = vectors;
    this.#found = found;
  }

  add(envelope: Envelope): void {
    if (envelope.person === undefined && sealedWords(envelope) === undefined) return;
    if ("comment" in envelope.data) this.#ofPeople.add(envelope.data.comment as number);
  }

  ended({ discussion, slots }: ReadLog): void {
    const ofPeople = this.#ofPeople;
    this.#ofPeople = new Set();
    if (slots === null) return;
    const vectorOf = (comment: number, text: string | null): CommentVector => {
      if (text === null) return "withheld";
      return this.#vectors.get(nativeSha256(text)) ?? (ofPeople.has(comment) ? "withheld" : "missing");
    };
    this.#found.set(
      discussion,
      new Map(
        slots.comments.filter(wasAsked).map(({ comment, text }) => [comment!, vectorOf(comment!, text)]),
      ),
    );
  }
}
