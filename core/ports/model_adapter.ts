/** The port of model adapters: what turns a model's description in an experiment into a model. */
import type { ModelSpec } from "../events/models.ts";
import type { Clock } from "./clock.ts";
import type { Model } from "./model.ts";

/** What an experiment file gives to an adapter, besides sampling. */
export type AdapterOptions = ModelSpec["options"];

/** One thing that is wrong with the options of a model. */
export type OptionProblem = Readonly<{
  /** Where, below the model: keys of mappings and 0-based indices of lists; empty for the model as a whole. */
  path: readonly (string | number)[];
  /** Whether the key itself is wrong, or what stands under it. */
  part: "key" | "value";
  /** What is wrong, as a sentence without place and suggestion. */
  message: string;
  /** What would have been right. */
  expected?: string;
  /** What stands there instead. */
  found?: string;
  /** The nearest valid name, where something looks like a slip of the pen. */
  suggestion?: string;
}>;

/** What adapters may take from the world. */
export type AdapterContext = Readonly<{
  /** Looks an environment variable up; keys come from nowhere else. */
  env: (name: string) => string | undefined;
  clock: Clock;
  /** What paths in options are relative to: the experiment file's folder; the working folder where it is left out. */
  folder?: string;
}>;

/**
 * A kind of model. A file of the researcher's own exports one as its `default`; only `create` is needed.
 *
 * @example
 * ```ts
 * import type { ModelAdapter } from "./model_adapter.ts";
 *
 * const echo: ModelAdapter = {
 *   create: () => ({
 *     generate: ({ messages }) => Promise.resolve({ text: messages.at(-1)!.content, finishReason: "stop" }),
 *   }),
 * };
 * ```
 */
export interface ModelAdapter {
  /**
   * Says everything that is wrong with the options in an experiment file; none when all is well. Asks no server.
   *
   * @param options What the experiment file says.
   * @param folder What paths in it are relative to, for files that must be there; they are not looked for without it.
   */
  checkOptions?(options: AdapterOptions, folder?: string): readonly OptionProblem[];
  /**
   * The options that say how the model is reached, not what it is: a server's address, a time-out. They may change while
   * a run is resumed, and stand in no log.
   */
  readonly serviceOptions?: readonly string[];
  /**
   * Says where requests go, for models of a file that differ in nothing else: a run cannot be resumed when one of them
   * would be asked where another one was. Without it, all options that say how the model is reached are taken together.
   *
   * @returns What decides who answers, such as a server's address, and then the name of a key; none where it is the
   *   same everywhere.
   */
  addressOf?(options: AdapterOptions): readonly string[];
  /** How many requests may be in flight at once; without it, the engine's own default holds. */
  concurrencyOf?(options: AdapterOptions): number;
  /**
   * How long the model lets one request take by itself, in milliseconds. The engine ends a request that takes longer
   * than that; without it, after ten minutes.
   */
  timeoutMsOf?(options: AdapterOptions): number;
  /**
   * Makes the model. Asks no server: that it answers is found out by the first request.
   *
   * @param spec The model's description; its options have passed `checkOptions`.
   * @param context Environment variables and the clock.
   * @throws {ModelError} When the model cannot work as it is set up: a missing key, a missing file.
   */
  create(spec: ModelSpec, context: AdapterContext): Model | Promise<Model>;
  /**
   * Says what the model consists of, for models of which another one can come to lie in the same place: a run cannot be
   * resumed when that has changed. Asks no server.
   *
   * @param spec The model's description; its options have passed `checkOptions`.
   * @param context As for `create`.
   * @returns What stands for each part, such as its SHA-256, by a name that is the same on every machine.
   */
  identify?(spec: ModelSpec, context: AdapterContext): Promise<Readonly<Record<string, string>>>;
}
