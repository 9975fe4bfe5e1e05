/** Checks the requests to models: the history window of the prompt, the model, and its parameters. */
import { canonical } from "../../core/json.ts";
import { promptHash, type Rules, samplingSeed } from "../../core/discussion/decide.ts";
import { moderatorPrompt, participantPrompt } from "../../core/discussion/prompt.ts";
import { readUtterance } from "../../core/discussion/reading.ts";
import type { Generation } from "../../core/events/mod.ts";
import { type Entry, isCut, isMissing, type Said, wasAsked } from "../projections/entries.ts";
import type { Finding } from "./checks.ts";
import { addAll, addCounts, type TallyOptions } from "../projections/appendable.ts";
import { type CountedVersions, ServedVersions } from "./served_versions.ts";
import { Conformity, type CountedCases } from "./tallies.ts";
import type { Checker, Watched } from "./declaration.ts";

type Cases = "prompts" | "models" | "lengths" | "seeds" | "silence";

/** The counts of a {@linkcode GenerationChecker}. */
type CountedGenerations = Readonly<{
  windows: ReadonlySet<string>;
  passWords: ReadonlySet<string>;
  cases: Readonly<Record<Cases, CountedCases>>;
  versions: CountedVersions;
  counts: Readonly<Record<"silent" | "cut" | "replies", number>>;
}>;

/** Checks prompts, models, parameters, and which replies count as silence. */
export class GenerationChecker implements Checker<CountedGenerations> {
  readonly #rules: Rules;
  readonly #windows = new Set<string>();
  readonly #passWords = new Set<string>();
  readonly #cases = {
    prompts: new Conformity(),
    models: new Conformity(),
    lengths: new Conformity(),
    seeds: new Conformity(),
    silence: new Conformity(),
  };
  readonly #versions: ServedVersions;
  readonly #counts = { silent: 0, cut: 0, replies: 0 };

  constructor(rules: Rules, options: TallyOptions) {
    this.#rules = rules;
    this.#versions = new ServedVersions(options);
  }

  counted(): CountedGenerations {
    const { prompts, models, lengths, seeds, silence } = this.#cases;
    return {
      windows: this.#windows,
      passWords: this.#passWords,
      cases: {
        prompts: prompts.counted(),
        models: models.counted(),
        lengths: lengths.counted(),
        seeds: seeds.counted(),
        silence: silence.counted(),
      },
      versions: this.#versions.counted(),
      counts: this.#counts,
    };
  }

  append({ windows, passWords, cases, versions, counts }: CountedGenerations): void {
    addAll(this.#windows, windows);
    addAll(this.#passWords, passWords);
    for (const name of Object.keys(this.#cases) as Cases[]) this.#cases[name].append(cases[name]);
    this.#versions.append(versions);
    addCounts(this.#counts, counts);
  }

  entry(discussion: Watched, entry: Entry): void {
    if (entry.kind !== "said" || !wasAsked(entry)) return;
    if (!isMissing(entry)) this.#readAgain(discussion, entry);
    const { generation } = entry;
    if (generation === undefined) return;
    // If a person has withdrawn, prompts that contained this person's comments cannot be rendered again.
    if (!discussion.state.window.some(({ withheld }) => withheld)) {
      this.#checkPrompt(discussion, entry, generation);
    }
    this.#checkModel(discussion, entry, generation);
  }

  #readAgain({ design, logged, declared }: Watched, said: Said): void {
    const { author: speaker, turn, text, raw, generation } = said;
    const silent = text === null;
    this.#counts.replies++;
    if (isCut(said)) this.#counts.cut++;
    else if (silent) this.#counts.silent++;
    // For imported replies, another program decided which replies are silence.
    if (logged.imported !== undefined && declared.passWord === undefined) return;
    this.#passWords.add(design.passWord);
    const reply = { text: raw ?? text ?? "", finishReason: generation?.finishReason ?? "stop" } as const;
    const thoughts = generation === undefined ? undefined : logged.models[generation.model]?.thoughts;
    const options = { speaker, thoughts, reading: logged.reading };
    const isSilent = "silent" in readUtterance(reply, design.passWord, options);
    this.#cases.silence.add(isSilent === silent, () => `${speaker} at turn ${turn} of ${logged.id}`);
  }

  #checkPrompt(
    { state, design, logged }: Watched,
    { by, author: speaker, turn }: Said,
    { promptHash: hash, commentsLeftOut }: Generation,
  ): void {
    this.#windows.add(design.history === null ? "all comments" : `${design.history} comments`);
    const participant = design.participants.find(({ name }) => name === speaker);
    const { moderator } = design;
    const schedule = moderator && this.#rules.schedules.get(moderator.schedule.name);
    const prompts = by === "participant"
      ? participant && [participantPrompt(state, participant, commentsLeftOut)]
      // The schedule says whether the moderator may abstain. If the schedule is not known, both prompts are accepted.
      : moderator &&
        (schedule ? [schedule.mayAbstain] : [false, true]).map((mayAbstain) =>
          moderatorPrompt(state, moderator, {
            mayAbstain,
            ...(commentsLeftOut === undefined ? {} : { commentsLeftOut }),
          })
        );
    const same = prompts?.some((messages) => promptHash(messages, this.#rules) === hash) ?? false;
    this.#cases.prompts.add(same, () => `the prompt for ${speaker} at turn ${turn} of ${logged.id}`);
  }

  #checkModel(
    { design, logged }: Watched,
    { by, author: speaker, turn }: Said,
    generation: Generation,
  ): void {
    const { model, seed, servedBy, usage } = generation;
    const where = () => `${model} for ${speaker} at turn ${turn} of ${logged.id}`;
    const own = by === "moderator"
      ? design.moderator?.model
      : design.participants.find(({ name }) => name === speaker)?.model;
    this.#cases.models.add(model === own, where);
    this.#cases.seeds.add(
      seed === samplingSeed(design, by === "moderator" ? by : "participant", turn!),
      where,
    );
    if (servedBy !== undefined) {
      const key = canonical([model, design.models[model]]);
      this.#versions.add(key, servedBy, () => `${servedBy} at turn ${turn} of ${logged.id}`);
    }
    const maxTokens = design.models[model]?.sampling.maxTokens;
    if (maxTokens !== undefined && usage !== undefined) {
      const { completionTokens } = usage;
      this.#cases.lengths.add(completionTokens <= maxTokens, () => `${completionTokens} tokens, ${where()}`);
    }
  }

  findings(): readonly Finding[] {
    const cut = this.#counts.cut === 0 ? "" : `, and ${this.#counts.cut} were cut before any text`;
    const silence = `${this.#counts.silent} of ${this.#counts.replies} replies are silence${cut}`;
    const elsewhere = "this program sent no requests to models";
    return [
      this.#cases.prompts.finding("window length", {
        declared: [...this.#windows].join("; "),
        basis: "the prompt with the declared window has the hash in the log",
        none: elsewhere,
      }),
      this.#cases.models.finding("model", {
        declared: "the design's model of each speaker",
        basis: "each reply came from that model",
        none: elsewhere,
      }),
      this.#versions.cases.finding("model version", {
        declared: "one version of each model",
        basis: `the reported version was the same throughout: ${[...this.#versions.first].join("; ")}`,
        none: "no model adapter reported a version",
      }),
      this.#cases.lengths.finding("length limit", {
        declared: "maxTokens of each model",
        basis: "each reply has at most that many tokens",
        none: "no limit was declared, or no tokens were counted",
      }),
      this.#cases.seeds.finding("sampling seeds", {
        declared: "drawn from the discussion's seed",
        basis: "each request had that seed",
        none: elsewhere,
      }),
      this.#cases.silence.finding("silence", {
        declared: [...this.#passWords].map((word) =>
          word === "" ? "empty replies" : `empty replies and ${word}`
        )
          .join("; "),
        basis: `each reply counts as a comment or as silence, as declared; ${silence}`,
        none: this.#counts.replies === 0
          ? "no speaker has replied"
          : `another program read the replies, and the declaration does not say which replies are silence; ${silence}`,
      }),
    ];
  }
}
