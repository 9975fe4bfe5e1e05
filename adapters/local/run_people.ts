/** The people of a run: their pages are served only if a model is a person. */
import type { AnnotationDesign, DiscussionDesign, ModelSpec } from "../../core/events/mod.ts";
import type { AnnotationSetup, PeopleSetup } from "../../core/experiment/mod.ts";
import type { AskPerson, ModelAdapter, RunPart, RunWriter } from "../../core/ports/mod.ts";
import { RunError } from "../../core/run_log/mod.ts";
import {
  type DeskNotice,
  type Person,
  type PersonLink,
  type RaterProgress,
  ratersOf,
  seatsOf,
} from "../people/mod.ts";
import type { PeopleHost } from "../people/people_host.ts";
import { nativeSha256, systemClock } from "../system.ts";

/** How people are asked. */
export type PeopleOptions = Readonly<{
  /** Receives the links of all people before the first question. */
  links?: (links: readonly PersonLink[]) => void;
  /** Receives a function that tells how far the raters are. It is called when the rating begins. */
  raters?: (look: () => readonly RaterProgress[]) => void;
  /** Receives news for the researcher, such as who is away. */
  say?: (text: string) => void;
  /** The folder of the pages' files. Default: the folder of the program. */
  bundles?: URL;
}>;

/** What people are asked about. */
export type PeopleWork = Readonly<{
  run: RunWriter;
  part?: RunPart | undefined;
  texts: PeopleSetup;
  discussions: () => Iterable<DiscussionDesign>;
  pass: AnnotationDesign | null;
}>;

/** The people of one run. */
export class RunPeople {
  readonly #adapters: ReadonlyMap<string, ModelAdapter>;
  readonly #options: PeopleOptions;
  #host: PeopleHost | null = null;

  constructor(adapters: ReadonlyMap<string, ModelAdapter>, options: PeopleOptions = {}) {
    this.#adapters = adapters;
    this.#options = options;
  }

  /** Whether a model is a person. */
  readonly isPerson = ({ adapter }: Pick<ModelSpec, "adapter">): boolean =>
    this.#adapters.get(adapter)?.asksPeople === true;

  /** Asks a person. The pages must be open. */
  readonly askPerson: AskPerson = (request, terms, signal) => this.#host!.ask(request, terms, signal);

  /**
   * Refuses people among the annotators of a part of a run: each part would draw an order of its own, and all of
   * them would write to one log of the rater.
   *
   * @throws {RunError} If an annotator is a person.
   */
  refuseRatersInPart(design: AnnotationDesign): void {
    const [rater] = ratersOf(design, this.isPerson);
    if (rater === undefined) return;
    throw new RunError(
      "unusable",
      `Cannot run a part: the annotator "${rater.person}" is a person, and rates the discussions of all parts together. ` +
        'Remove the section annotation. When all parts have ended, give the command "annotate" with an annotation file',
    );
  }

  /**
   * Opens the pages of everybody who is asked.
   *
   * @param models The models in use. If none of them is a person, nothing happens.
   */
  async open(
    models: Iterable<ModelSpec>,
    { run, part, texts, discussions, pass }: PeopleWork,
  ): Promise<void> {
    if (![...models].some(this.isPerson)) return;
    const { openPeople } = await import("../people/people_host.ts");
    const { links, say = () => {}, bundles } = this.#options;
    const people: Person[] = pass === null ? [] : ratersOf(pass, this.isPerson);
    for (const design of discussions()) people.push(...seatsOf(design, this.isPerson));
    const env = (name: string) => Deno.env.get(name);
    this.#host = await openPeople({ run, part, people, texts, clock: systemClock, env, say, bundles });
    links?.(this.#host.links);
  }

  /** Begins the rating of a pass, if people annotate. Call it when the discussions have ended. */
  async rate(
    { design, people }: Pick<AnnotationSetup, "design" | "people">,
    run: RunWriter,
    streams: Iterable<string> | AsyncIterable<string>,
  ): Promise<void> {
    const raters = ratersOf(design, this.isPerson).map(({ person }) => person);
    if (this.#host === null || raters.length === 0) return;
    const { RatingDesk } = await import("../../core/rating/mod.ts");
    const { now } = systemClock;
    const { rating: settings } = people;
    const host = this.#host;
    host.rate(
      await RatingDesk.open({ design, raters, settings, run, streams, sha256: nativeSha256, now }),
    );
    this.#options.raters?.(() => host.raters());
  }

  /** Wraps a listener of notices. The pages get each notice first, so that they learn which events are durable. */
  telling<Notice extends DeskNotice>(notify: (notice: Notice) => void = () => {}): (notice: Notice) => void {
    return (notice) => {
      this.#host?.notice(notice);
      notify(notice);
    };
  }

  /** Ends the pages. */
  async close(isStopped: boolean): Promise<void> {
    await this.#host?.close(isStopped);
  }
}
