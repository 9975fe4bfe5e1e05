/** Compares the views of `query` with the slots of the discussions, row by row, on many kinds of logs. */
import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import {
  type DiscussionSlots,
  isCut,
  repliesOf,
  type Slot,
  slotsOf,
} from "../../analysis/projections/mod.ts";
import type { DiscussionEvent, Envelope } from "../../core/events/mod.ts";
import { annotationEvents, sampleEvents } from "../../core/testing/sample_stream.ts";
import { generationFailed, passWith, play } from "../../core/testing/mod.ts";
import { someDesign, someReplies } from "../../core/testing/arbitraries.ts";
import {
  onRealDiscussions,
  realDiscussions,
  realScores,
  scoredEvents,
} from "../../core/testing/real_discussions.ts";
import { inFolder } from "../testing/in_folder.ts";
import { RunTables } from "./run_tables.ts";
import { originalText } from "./cell_texts.ts";
import { runHolding } from "./testing/run_holding.ts";

type Cell = boolean | string | number | null | undefined;
type Streams = Readonly<Record<string, readonly DiscussionEvent[]>>;

/** A query of a view, and the rows that it must return according to the slots. */
type Agreement = Readonly<
  { sql: string; rows: (discussion: DiscussionSlots) => readonly (readonly Cell[])[] }
>;

const GENERATION = "finish_reason, seed, prompt_tokens, completion_tokens";

function generationOf({ generation }: Pick<Slot, "generation">): readonly Cell[] {
  const usage = generation?.usage;
  return [generation?.finishReason, generation?.seed, usage?.promptTokens, usage?.completionTokens];
}

/** The model of a slot. For an imported slot, the design names it. */
function modelOf({ by, author, generation }: Slot, { design }: DiscussionSlots): Cell {
  const speaker = by === "moderator"
    ? design.moderator
    : design.participants.find(({ name }) => by === "participant" && name === author);
  return generation?.model ?? speaker?.model;
}

const sqlBy = (by: Slot["by"]) => by === "opening" ? "author" : by;

const silentRows = (chosen: boolean): Agreement["rows"] => (discussion) =>
  discussion.slots.filter((slot) => slot.text === null && isCut(slot) !== chosen).map((slot) => [
    discussion.design.id,
    slot.position,
    slot.turn,
    slot.author,
    sqlBy(slot.by),
    slot.silence,
    slot.raw,
    slot.thoughts,
    modelOf(slot, discussion),
    ...generationOf(slot),
  ]);

const silentSql = (view: string) =>
  `SELECT discussion, position, turn, author, "by", reason, raw, thoughts, model, ${GENERATION} FROM ${view}`;

const countsOf = (slots: readonly Slot[]) => {
  const [said, cut] = [slots.filter(({ comment }) => comment !== null).length, slots.filter(isCut).length];
  return [slots.length, said, slots.length - said - cut, cut];
};

const AGREEMENTS: Readonly<Record<string, Agreement>> = {
  discussions: {
    sql:
      `SELECT discussion, condition, openings, scripted, turns, comments, silences, cut_turns, moderator_slots,
      interventions, abstentions, participants, moderator, status, end_reason, forked_from, imported_format, imported_id
      FROM discussions`,
    rows: ({ design, slots, ending }) => [[
      design.id,
      design.condition,
      ...["opening", "intervention"].map((given) => slots.filter(({ by }) => by === given).length),
      ...countsOf(slots.filter(({ by }) => by === "participant")),
      ...countsOf(slots.filter(({ by }) => by === "moderator")).filter((_, place) => place < 3),
      design.participants.length,
      design.moderator?.name,
      ending?.end ?? "unfinished",
      ending?.reason,
      design.forkedFrom?.stream,
      design.imported?.format,
      design.imported?.id,
    ]],
  },
  comments: {
    sql:
      `SELECT discussion, comment, position, turn, author, "by", past, text, raw, thoughts, model, ${GENERATION}
      FROM comments`,
    rows: (discussion) =>
      discussion.comments.map((slot) => [
        discussion.design.id,
        slot.comment,
        slot.position,
        slot.turn,
        slot.author,
        sqlBy(slot.by),
        slot.isPast ?? false,
        slot.text,
        slot.raw,
        slot.thoughts,
        modelOf(slot, discussion),
        ...generationOf(slot),
      ]),
  },
  silences: { sql: silentSql("silences"), rows: silentRows(true) },
  cut_turns: { sql: silentSql("cut_turns"), rows: silentRows(false) },
  annotations: {
    sql:
      `SELECT discussion, comment, position, pass, annotator, scale, value, raw, attempt, ${GENERATION} FROM annotations`,
    rows: ({ design, slots }) =>
      slots.flatMap(({ position, comment, annotations }) =>
        annotations.flatMap(({ pass, annotator, values, raw, attempt, ...annotation }) =>
          Object.entries(values ?? {}).map(([scale, value]) => {
            const said = [pass, annotator, scale, String(value), raw, attempt];
            return [design.id, comment, position, ...said, ...generationOf(annotation)];
          })
        )
      ),
  },
  annotations_unparsed: {
    sql: `SELECT discussion, comment, position, pass, annotator, scale, problem, raw, attempt, ${GENERATION}
      FROM annotations_unparsed`,
    rows: ({ design, slots }) =>
      slots.flatMap(({ position, comment, annotations }) =>
        annotations.flatMap((
          { pass, annotator, unparsedScales = [], problem, raw, attempt, ...annotation },
        ) =>
          unparsedScales.map((scale) => {
            const said = [pass, annotator, scale, problem, raw, attempt];
            return [design.id, comment, position, ...said, ...generationOf(annotation)];
          })
        )
      ),
  },
  generations: {
    sql:
      `SELECT discussion, pass, turn, comment, speaker, role, model, ${GENERATION}, failure FROM generations WHERE NOT past`,
    rows: (discussion) => [
      ...[...repliesOf(discussion)].map(({ entry, pass, model }) => {
        const [turn, speaker, role] = entry.kind === "said"
          ? [entry.turn, entry.author, entry.by]
          : [null, entry.annotator, "annotator"];
        return [
          discussion.design.id,
          pass,
          turn,
          entry.comment,
          speaker,
          role,
          model,
          ...generationOf(entry),
          null,
        ];
      }),
      ...discussion.failures.map(({ pass, turn, comment, speaker, role, model, error }) => {
        const nothing = [null, null, null, null];
        return [discussion.design.id, pass, turn, comment, speaker, role, model, ...nothing, error];
      }),
    ],
  },
};

/** Rows as text, sorted, so that their order does not count. */
function comparable(rows: readonly (readonly Cell[])[]): string[] {
  return rows.map((row) =>
    JSON.stringify(row.map((cell) => cell === null || cell === undefined ? null : `${cell}`))
  )
    .sort();
}

/** Compares all views with the slots of some streams, and counts the compared rows of each view. */
async function compared(streams: Streams): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  await inFolder(async (folder) => {
    const run = await runHolding(join(folder, "run"), streams);
    await Deno.mkdir(join(folder, "db"));
    using tables = await RunTables.open(new Map([["run", run]]), {
      folder: join(folder, "db"),
      onDamage(damage) {
        throw damage;
      },
    });
    const discussions = Object.values(streams).map((events) => slotsOf(events));
    assert.deepEqual(discussions.flatMap(({ problem }) => problem ?? []), []);
    for (const [view, { sql, rows }] of Object.entries(AGREEMENTS)) {
      const answer = await tables.rows(sql, 1_000_000);
      const found = answer.rows.map((row) => row.map((cell) => cell === null ? null : originalText(cell)));
      const expected = discussions.flatMap(rows);
      assert.deepEqual(comparable(found), comparable(expected), view);
      counts[view] = expected.length;
    }
  });
  return counts;
}

const ANNOTATORS = ["Rita", "Sam"].map((name) => ({ name, persona: {}, instructions: "" }));

/** A pass over all comments: some replies are parsed at the first attempt, some at the second, some never; some requests fail. */
function* annotated(events: readonly DiscussionEvent[], pass: string): Generator<DiscussionEvent> {
  const { comments } = slotsOf(events);
  const generation = { model: "judge", promptHash: "0".repeat(64), seed: 3, finishReason: "stop" } as const;
  yield { type: "AnnotationPassStarted", data: passWith({ pass, annotators: ANNOTATORS, retries: 1 }) };
  for (const { comment, position } of comments) {
    for (const [nth, { name: annotator }] of ANNOTATORS.entries()) {
      const about = { pass, comment: comment!, annotator };
      const unparsed = { ...about, scales: ["toxicity"], raw: "?", problem: "no answer", generation };
      const kind = (position + nth) % 4;
      if (kind === 3) {
        yield {
          type: "AnnotationFailed",
          data: { ...about, model: "judge", kind: "time-out", retryable: true },
        };
      }
      if (kind >= 1) yield { type: "AnnotationUnparsed", data: { ...unparsed, attempt: 1 } };
      if (kind === 2) yield { type: "AnnotationUnparsed", data: { ...unparsed, attempt: 2 } };
      else {
        const values = { toxicity: position % 5 + 1, insult: nth === 0 };
        yield {
          type: "CommentAnnotated",
          data: { ...about, values, raw: "5", attempt: kind === 0 ? 1 : 2, generation },
        };
      }
    }
  }
  yield { type: "AnnotationPassCompleted", data: { pass, annotated: 0, unparsed: 0 } };
}

Deno.test("views and slots agree on every type of event, even in unfinished discussions", async () => {
  const whole = (id: string) => [...sampleEvents(id), ...annotationEvents("p1")];
  const cut = whole("cut").map((event) =>
    event.type === "TurnPassed"
      ? { ...event, data: { ...event.data, reason: "cut-before-text" } } as const
      : event
  );
  // A pass that parses replies again sends no requests, so it has no failed requests.
  const again = annotationEvents("p2").filter(({ type }) => type !== "AnnotationFailed").map((
    event,
  ): DiscussionEvent =>
    event.type === "AnnotationPassStarted" ? { ...event, data: { ...event.data, reparsedFrom: "p1" } } : event
  );
  const counts = await compared({
    whole: whole("whole"),
    cut,
    again: [...whole("again"), ...again],
    begun: sampleEvents("begun").slice(0, 5),
    opened: sampleEvents("opened").slice(0, 1),
  });
  assert.ok(Object.values(counts).every((count) => count > 0), JSON.stringify(counts));
});

Deno.test("views and slots agree on random discussions with silence, moderators, openings, failures and annotations", async () => {
  const samples = fc.sample(fc.tuple(someDesign, someReplies), { numRuns: 80, seed: 12 });
  const streams = samples.map(([design, replies], nth): [string, readonly DiscussionEvent[]] => {
    const id = `d${nth}`;
    const { events } = play({ ...design, id }, (_, question) => replies[question % replies.length]!);
    const ended = nth % 4 === 0
      ? events
      : [...events, ...annotated(events, "first"), ...annotated(events, "second")];
    return [id, nth % 5 === 0 ? [ended[0]!, generationFailed(0, "Ann"), ...ended.slice(1)] : ended];
  });
  const counts = await compared(Object.fromEntries(streams));
  assert.ok(Object.values(counts).every((count) => count > 10), JSON.stringify(counts));
});

Deno.test("views and slots agree on golden logs", async () => {
  const golden = new URL("../../fixtures/golden/", import.meta.url);
  const streams: Record<string, readonly DiscussionEvent[]> = {};
  const names = ["v1", "v2"].flatMap((folder) =>
    [...Deno.readDirSync(new URL(folder, golden))].map(({ name }) => `${folder}/${name}`)
  );
  for (const name of names) {
    const lines = Deno.readTextFileSync(new URL(name, golden)).trimEnd().split("\n");
    const envelopes = lines.map((line): Envelope => JSON.parse(line));
    streams[envelopes[0]!.stream] = envelopes.map(({ type, data }) => ({ type, data }) as DiscussionEvent);
  }
  assert.ok((await compared(streams)).comments! > 10);
});

Deno.test({
  ...onRealDiscussions("views and slots agree on all real discussions"),
  async fn() {
    const scores = await realScores();
    const streams: Record<string, readonly DiscussionEvent[]> = {};
    for await (const discussion of realDiscussions()) {
      streams[discussion.id] = [...scoredEvents(discussion, scores)];
    }
    const { discussions, annotations } = await compared(streams);
    assert.deepEqual([discussions, annotations], [360, scores.size]);
  },
});
