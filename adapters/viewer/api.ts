/**
 * What the viewer's page asks for. The server answers over HTTP; an exported page answers from its own files. All texts are as
 * logs have them, so the page must treat them as hostile.
 */
import type { Envelope } from "../../core/events/mod.ts";
import type { ListAnswer, ListQuery, RowFilters, RunOverview } from "../../analysis/listing/mod.ts";
import type { OutcomeQuestion, OutcomeView } from "../../analysis/outcomes/mod.ts";

export type { ConditionProgress, RunOverview } from "../../analysis/listing/mod.ts";

/** The version of this interface. An exported page whose files have another version shows an error. */
export const API_VERSION = 1;

/** What can be left out of an exported page. */
export const LEAVABLE = ["prompts", "thoughts", "raw"] as const;

/** What is in an exported page only if the user asks for it. */
export const ADDABLE = ["experiment", "outcomes", "rater-names", "private-words"] as const;

/** A kind of content that an exported page can lack. */
export type Content = (typeof LEAVABLE)[number] | (typeof ADDABLE)[number];

/** A run that is open. */
export type RunFacts = Readonly<{
  /** The name by which all other questions refer to the run. */
  name: string;
  /** The experiment's name; for imported discussions, the folder's name. */
  experiment: string;
  /** The hash of the last event of the run's log; `null` if there is no intact log. */
  head: string | null;
  seed: string | number | null;
  plan: Readonly<{ discussions: number; conditions: number; replications: number }>;
  /** The names of the conditions, in the order of the plan, as far as they are known. */
  conditions: readonly string[];
  /** Factor → its label. */
  factorLabels: Readonly<Record<string, string>>;
  /** The experiment file; `null` if the discussions were imported, or the file was left out of an exported page. */
  experimentText: string | null;
  /** Differences between what is stored and what was recorded, one sentence each. */
  problems: readonly string[];
  /** The processes that write to the run now. */
  holders: readonly string[];
  /** Whether the run was removed after it was read, for example because its folder was deleted. */
  isGone?: boolean;
  /**
   * What the commands `fork` and `report` need to find the run, such as its folder; left out in an exported
   * page.
   */
  place?: string;
  /** What an exported page lacks; left out on a page of the server. */
  leftOut?: readonly Content[];
  /** The last look at the run's outcomes in this viewer; `null` before the first look. */
  look: LookAnswer | null;
}>;

/** The progress of the runs, and of the reading of their logs. It says nothing about outcomes. */
export type Overview = Readonly<{
  runs: readonly RunOverview[];
  /** `done` is the number of logs that were read, `of` the number of all logs. */
  indexed: Readonly<{ done: number; of: number }>;
}>;

/** A search in the texts. */
export type SearchQuery =
  & RowFilters
  & Readonly<{
    /** Words, "phrases" and word* beginnings; all must occur. */
    text: string;
    /** Where to search. Default: comments. */
    within?: readonly ("comments" | "thoughts" | "raw")[];
    offset?: number;
    limit?: number;
  }>;

/** A piece of a snippet; `hit` is a match. */
export type SnippetPart = Readonly<{ text: string; hit: boolean }>;

/** A comment that matches. */
export type Hit = Readonly<{
  run: string;
  discussion: string;
  /** The slot's position in its discussion. */
  position: number;
  speaker: string;
  within: "comments" | "thoughts" | "raw";
  snippet: readonly SnippetPart[];
}>;

/** The hits of a search, grouped by discussion, in the order of the logs. */
export type SearchAnswer = Readonly<{
  hits: readonly Hit[];
  /** The number of matches, counted up to a limit. `isTotalCut` says whether the count ended at the limit. */
  total: number;
  isTotalCut: boolean;
  /** `done` is the number of logs that were searched, `of` the number of all logs. */
  indexed: Readonly<{ done: number; of: number }>;
  /** Why the search could not start, or ended too early; `null` for a complete search. */
  problem: string | null;
}>;

/** Events of one discussion, from a sequence number on. */
export type EventsAnswer = Readonly<{
  events: readonly Envelope[];
  /**
   * The sequence number of the next event to ask for. `isEnd` says that the log has no more events at
   * present.
   */
  next: number;
  isEnd: boolean;
  /** The damage at which the log cannot be read further; `null` if there is none. */
  damage: string | null;
}>;

/** An outcome that has values. */
export type OutcomeFacts = Readonly<{ name: string; declared: boolean; unit: "comment" | "discussion" }>;

/**
 * What a look at a run's outcomes can show. A look is recorded in the run's log. The values are as they were
 * at the time of the look.
 */
export type LookAnswer = Readonly<{
  /** Declared outcomes first. */
  outcomes: readonly OutcomeFacts[];
  /**
   * Numbers of discussions: how many have ended, how many are complete (only these have values), how many are
   * planned.
   */
  ended: number;
  completed: number;
  planned: number;
  /** Names the declared analysis. Outcomes of runs are shown together only if these names are equal. */
  analysis: string;
  /** Why the look could not be recorded in the run's log; `null` if it was. */
  unrecorded: string | null;
}>;

/** What changed, without its content. */
export type Notice =
  | Readonly<
    { kind: "discussions"; changed: readonly Readonly<{ run: string; discussion: string; events: number }>[] }
  >
  | Readonly<{ kind: "overview" }>
  | Readonly<{ kind: "indexed"; done: number; of: number }>
  /** How many logs were read for a look or a report. */
  | Readonly<{ kind: "progress"; work: "look" | "report"; run: string; done: number; of: number }>
  /** Too much changed since the last notice: ask for everything again. */
  | Readonly<{ kind: "reload" }>
  /** `isRefused` if the server is there, but does not accept the page's token. */
  | Readonly<{ kind: "connection"; isOpen: boolean; isRefused?: boolean }>;

/** Answers the page's questions. */
export interface ViewerSource {
  /** Whether the page was exported: nothing changes, and nothing can be recorded. */
  readonly isExport: boolean;
  runs(): Promise<readonly RunFacts[]>;
  overview(): Promise<Overview>;
  list(query: ListQuery): Promise<ListAnswer>;
  search(query: SearchQuery, signal: AbortSignal): Promise<SearchAnswer>;
  /** @param from The sequence number of the first event. */
  events(run: string, discussion: string, from: number): Promise<EventsAnswer>;
  /**
   * Reads the outcomes of a run, and records that the user sees them. Must be called before
   * {@linkcode outcome}. A second look reads the logs again. An exported page does not read logs: either it
   * contains the outcomes, or it has none.
   */
  look(run: string): Promise<LookAnswer>;
  /** @returns `null` if no discussion has a value. */
  outcome(runs: readonly string[], question: OutcomeQuestion): Promise<OutcomeView | null>;
  /**
   * Records a look, too.
   *
   * @returns The address under which the report can be opened once; `null` in an exported page.
   */
  report(run: string): Promise<string | null>;
  /** Sends notices of changes to the listener, until the signal is aborted. */
  follow(listener: (notice: Notice) => void, signal: AbortSignal): void;
}
