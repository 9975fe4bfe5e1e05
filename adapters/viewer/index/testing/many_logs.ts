/**
 * Makes a run with many logs, for tests and measurements of the index. The logs are imported discussions of
 * five comments. They need no model, and little time to write.
 *
 *     deno run --allow-all adapters/viewer/index/testing/many_logs.ts <folder> [<discussions>] [<bytes of thoughts>]
 */
import { EMPTY_CHAIN, encodeEvent, type StoredLine } from "../../../../core/events/codec.ts";
import type { DiscussionEvent } from "../../../../core/events/mod.ts";
import { openDraw } from "../../../../core/random/mod.ts";
import { drawnComment } from "../../../../core/testing/comments.ts";
import { designWith, participantsNamed, turnTaken } from "../../../../core/testing/mod.ts";
import { folderRun } from "../../../stores/mod.ts";
import { nativeSha256 } from "../../../system.ts";

const COMMENTS = 5;
const NAMES = ["Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gil", "Hana"];
const CONDITIONS = ["calm", "wild", "gentle+calm", "gentle+wild"];

/**
 * Comments in scripts without spaces: Chinese, Japanese and Thai. The first three discussions of every
 * thousand have one of these comments each.
 */
export const UNSPACED_COMMENTS = [
  "我认为公共汽车应该在夜间运行，因为很多人晚上工作。",
  "夜間バスは必要だと思います。東京都では多くの人が深夜まで働いています。",
  "ผมคิดว่ารถเมล์ควรวิ่งตอนกลางคืน เพราะหลายคนทำงานดึก",
];

/** The name of the n-th discussion. */
export function nameOf(nth: number): string {
  return `${CONDITIONS[nth % CONDITIONS.length]}.r${String(nth).padStart(6, "0")}`;
}

/**
 * The events of the n-th discussion.
 *
 * @param thoughtsChars The length of the thoughts of each comment.
 */
export function eventsOf(nth: number, thoughtsChars = 0): readonly DiscussionEvent[] {
  const draw = openDraw(String(nth), "many-logs");
  const speakers = NAMES.slice(nth % 4, nth % 4 + 4);
  const texts = Array.from({ length: COMMENTS }, () => drawnComment(draw));
  if (nth % 1_000 < UNSPACED_COMMENTS.length) texts[2] = UNSPACED_COMMENTS[nth % 1_000]!;
  const thoughts = thoughtsChars === 0
    ? {}
    : { thoughts: drawnComment(draw).repeat(99).slice(0, thoughtsChars) };
  const turns = texts.map((text, turn): DiscussionEvent => {
    const { type, data } = turnTaken({ turn, comment: turn, participant: speakers[turn % 4]!, text });
    return { type, data: { ...data, ...thoughts } };
  });
  const condition = CONDITIONS[nth % CONDITIONS.length]!;
  return [
    {
      type: "DiscussionOpened",
      data: designWith({
        id: nameOf(nth),
        condition,
        factors: { mood: condition },
        replicate: nth + 1,
        participants: participantsNamed(...speakers),
        openings: [],
        turns: COMMENTS,
      }),
    },
    ...turns,
    { type: "DiscussionCompleted", data: { reason: "turns", turns: COMMENTS, comments: COMMENTS } },
  ];
}

/** The lines of a log, in a chain. */
export function chained(stream: string, events: readonly DiscussionEvent[]): readonly StoredLine[] {
  const lines: StoredLine[] = [];
  let end = EMPTY_CHAIN;
  for (const event of events) {
    const atMs = Date.UTC(2026, 0, 1) + lines.length * 1_000;
    const sealed = encodeEvent(stream, end, { pending: { event }, atMs, sha256: nativeSha256 });
    lines.push(sealed.line);
    end = sealed.end;
  }
  return lines;
}

/** Makes the run. */
export async function makeManyLogs(folder: string, discussions: number, thoughtsChars = 0): Promise<void> {
  const shards = discussions > 10_000 ? 256 : 0;
  const run = await folderRun(folder).openImport({ nowMs: Date.UTC(2026, 0, 1), versions: {}, shards });
  for (let nth = 0; nth < discussions; nth++) {
    await run.importStream(nameOf(nth), chained(nameOf(nth), eventsOf(nth, thoughtsChars)));
  }
  await run.flush();
  await run.recordImport({}, { discussions, conditions: CONDITIONS.length, replications: 1 });
  await run.close();
}

if (import.meta.main) {
  const [folder, discussions = 1_000, thoughtsChars = 0] = Deno.args;
  if (folder === undefined) throw new TypeError("Cannot make a run: expected a folder");
  await makeManyLogs(folder, Number(discussions), Number(thoughtsChars));
}
