/** A source of the viewer that holds a small run, for tests of the pages. */
import {
  type ListedLog,
  listLog,
  listRows,
  rowFilter,
  runOverview,
  waitingRow,
} from "../../../analysis/listing/mod.ts";
import { slotsOf } from "../../../analysis/projections/mod.ts";
import type { Hit, LookAnswer, RunFacts, SearchQuery, ViewerSource } from "../api.ts";
import { type FixedSource, fixedSource } from "./fixed_source.ts";
import { SAMPLE_RUN, type SampleDiscussion, sampleDiscussions } from "./sample_discussions.ts";

/** A discussion of the plan that has not begun. */
const WAITING = "gentle.r0003";

const PRICES = { input: 2, output: 8, currency: "USD" };

const LOOK: LookAnswer = {
  outcomes: [
    { name: "toxicity", declared: true, unit: "comment" },
    { name: "insult", declared: false, unit: "comment" },
  ],
  ended: 4,
  completed: 4,
  planned: 8,
  analysis: "",
  unrecorded: null,
};

/** The facts about the sample's run, as pages get them. */
export const SAMPLE_FACTS: RunFacts = {
  name: SAMPLE_RUN,
  experiment: "Night buses",
  head: "a".repeat(64),
  seed: 42,
  plan: { discussions: 8, conditions: 3, replications: 3 },
  conditions: ["moderator=gentle", "moderator=none"],
  factorLabels: { moderator: "moderator" },
  experimentText: "name: Night buses\nseed: 42\n",
  problems: ["The file inputs/personas.yaml was changed after the run began."],
  holders: ["process 4711 on desk"],
  place: "runs/buses",
  look: null,
};

/** A source with the sample's run. `answers` replaces members. */
export function sampleSource(answers: Partial<ViewerSource> = {}): FixedSource {
  const discussions = sampleDiscussions();
  const logs = [...discussions].map(([name, log]) => listed(name, log));
  const rows = [...logs.map(({ row }) => row), waitingRow(SAMPLE_RUN, WAITING)]
    .sort((one, other) => one.discussion < other.discussion ? -1 : 1);
  const indexed = { done: rows.length, of: rows.length };
  let look: LookAnswer | null = null;
  return fixedSource({
    runs: () => Promise.resolve([{ ...SAMPLE_FACTS, look }]),
    overview: () =>
      Promise.resolve({
        runs: [runOverview(logs, {
          run: SAMPLE_RUN,
          discussions: SAMPLE_FACTS.plan.discussions,
          conditions: SAMPLE_FACTS.conditions,
          replications: SAMPLE_FACTS.plan.replications,
          paused: new Map([["large-model", "its server refused the key, since 09:12"]]),
        })],
        indexed,
      }),
    list: (query) => Promise.resolve(listRows(rows, query)),
    search: (query) => {
      const passes = rowFilter(query);
      const passed = new Set(rows.filter(passes).map(({ discussion }) => discussion));
      const hits = hitsOf(discussions, query).filter(({ discussion }) => passed.has(discussion));
      const { offset = 0, limit = 100 } = query;
      return Promise.resolve({
        hits: hits.slice(offset, offset + limit),
        total: hits.length,
        isTotalCut: false,
        indexed,
        problem: null,
      });
    },
    events: (_, discussion, from) => {
      const log = discussions.get(discussion);
      if (log === undefined) {
        return Promise.reject(new Error(`Cannot read the discussion "${discussion}": there is no such log`));
      }
      return Promise.resolve({
        events: log.events.slice(from),
        next: log.events.length,
        isEnd: true,
        damage: log.damage,
      });
    },
    look: () => {
      look = LOOK;
      return Promise.resolve(LOOK);
    },
    ...answers,
  });
}

function listed(name: string, { events, damage }: SampleDiscussion): ListedLog {
  return listLog({ discussion: name, damage, slots: slotsOf(events) }, {
    run: SAMPLE_RUN,
    events: events.length,
    hash: events.at(-1)!.hash,
    pricesFor: () => PRICES,
  });
}

/** Finds a text in comments, as one phrase and without regard to case. That is enough for tests. */
function hitsOf(
  discussions: ReadonlyMap<string, SampleDiscussion>,
  { text, within = ["comments"] }: SearchQuery,
): Hit[] {
  const wanted = text.toLowerCase();
  return [...discussions].flatMap(([discussion, { events }]) =>
    (slotsOf(events)?.slots ?? []).flatMap((slot) =>
      within.flatMap((place): Hit[] => {
        const whole = (place === "comments" ? slot.text : place === "raw" ? slot.raw : slot.thoughts) ?? "";
        const at = whole.toLowerCase().indexOf(wanted);
        if (at === -1) return [];
        const end = at + wanted.length;
        const snippet = [
          { text: whole.slice(Math.max(0, at - 40), at), hit: false },
          { text: whole.slice(at, end), hit: true },
          { text: whole.slice(end, end + 80), hit: false },
        ];
        return [{
          run: SAMPLE_RUN,
          discussion,
          position: slot.position,
          speaker: slot.author,
          within: place,
          snippet,
        }];
      })
    )
  );
}
