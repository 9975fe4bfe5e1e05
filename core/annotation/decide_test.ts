import assert from "node:assert/strict";
import { portableSha256 } from "../sha256.ts";
import { ModelError } from "../ports/mod.ts";
import {
  annotationAfter,
  designWith,
  moderatorWith,
  passWith,
  playPass,
  saying,
  TEST_MODEL,
  undisturbed,
} from "../testing/mod.ts";
import type { DiscussionEvent } from "../events/mod.ts";
import {
  annotated,
  annotationFailed,
  type AskAnnotator,
  decideAnnotation,
  leavingOutContext,
} from "./decide.ts";
import type { AnnotationDesign } from "../events/annotation_design.ts";
import { CANNOT_TELL } from "./read_reply.ts";

const DISCUSSION = undisturbed(designWith({ turns: 6, moderator: moderatorWith() }));
const COMMENTS = annotationAfter(DISCUSSION).comments;

function after(design: AnnotationDesign, ...events: readonly DiscussionEvent[]) {
  return annotationAfter([...DISCUSSION, { type: "AnnotationPassStarted", data: design }, ...events]);
}

function question(design: AnnotationDesign, ...events: readonly DiscussionEvent[]): AskAnnotator {
  const step = decideAnnotation(after(design, ...events), design.pass, portableSha256);
  assert.ok(step.kind === "ask");
  return step;
}

Deno.test("decideAnnotation() asks every question once, in the pass's order, if every reply can be read", () => {
  const { asked, events } = playPass(
    DISCUSSION,
    passWith(),
    ({ question }) => question.scales[0]!.name === "toxicity" ? "3" : "no",
  );
  assert.equal(asked.length, COMMENTS.length * 2 * 2);
  assert.deepEqual(
    asked.slice(0, 5).map(({ question: { comment, annotator, scales }, attempt }) => [
      comment,
      annotator.name,
      scales.map(({ name }) => name).join(),
      attempt,
    ]),
    [
      [0, "Rita", "toxicity", 1],
      [0, "Rita", "insult", 1],
      [0, "Sam", "toxicity", 1],
      [0, "Sam", "insult", 1],
      [1, "Rita", "toxicity", 1],
    ],
  );
  assert.deepEqual(events.at(-1), {
    type: "AnnotationPassCompleted",
    data: { pass: "p1", annotated: asked.length, unparsed: 0 },
  });
  assert.equal(new Set(asked.map(({ request: { seed } }) => seed)).size, asked.length);
});

Deno.test("decideAnnotation() asks again as often as the pass says, and then continues without a value", () => {
  for (const retries of [0, 1, 3]) {
    const design = passWith({ retries, targets: { of: "all", perDiscussion: 1 } });
    const { asked, events } = playPass(DISCUSSION, design, () => "?");
    assert.deepEqual(
      asked.map(({ attempt }) => attempt),
      Array.from({ length: 4 }, () => Array.from({ length: retries + 1 }, (_, index) => index + 1)).flat(),
    );
    assert.deepEqual(events.at(-1)!.data, { pass: "p1", annotated: 0, unparsed: 4 });
    // Each retry has another seed: with the same seed, a model would give the same reply again.
    assert.equal(new Set(asked.map(({ request: { seed } }) => seed)).size, asked.length);
  }
});

Deno.test("decideAnnotation() counts attempts from 1 again for the next question", () => {
  const design = passWith({ retries: 1, targets: { of: "all", perDiscussion: 1 } });
  const replies = ["?", "3", "?", "?", "4", "no"];
  let nth = 0;
  const { asked, events } = playPass(DISCUSSION, design, () => replies[nth++]!);
  assert.deepEqual(asked.map(({ attempt }) => attempt), [1, 2, 1, 2, 1, 1]);
  assert.deepEqual(events.at(-1)!.data, { pass: "p1", annotated: 3, unparsed: 1 });
});

Deno.test("decideAnnotation() shows as many earlier comments as the pass says, and no later ones", () => {
  const shownIn = ({ request }: AskAnnotator) =>
    COMMENTS.filter(({ author, text }) => request.messages.at(-1)!.content.includes(`${author}: ${text}\n`))
      .map(({ comment }) => comment);
  for (const history of [0, 1, 2, null]) {
    const { asked } = playPass(DISCUSSION, passWith({ history }), () => "?");
    for (const step of asked) {
      const { comment } = step.question;
      const first = history === null ? 0 : Math.max(0, comment - history);
      const expected = COMMENTS.slice(first, comment + 1).map(({ comment }) => comment);
      assert.deepEqual(shownIn(step), expected);
    }
  }
});

Deno.test("decideAnnotation() asks the same questions whatever other passes are in the log", () => {
  const alone = playPass(DISCUSSION, passWith());
  const other = passWith({ pass: "other", history: null });
  const before = playPass(DISCUSSION, other);
  assert.deepEqual(playPass([...DISCUSSION, ...before.events], passWith()), alone);
  const begun = playPass([...DISCUSSION, ...before.events.slice(0, 4)], passWith());
  assert.deepEqual(begun, alone);
});

Deno.test("decideAnnotation() refuses a pass that was not started, and an imported pass", () => {
  assert.throws(() => decideAnnotation(annotationAfter(DISCUSSION), "p1", portableSha256), RangeError);
  const [rita] = passWith().annotators;
  const imported = passWith({ annotators: [{ ...rita!, model: undefined }] });
  assert.throws(() => question(imported), /the pass "p1" was imported/);
});

Deno.test("decideAnnotation() completes a pass immediately if there are no comments to annotate", () => {
  const { asked, events } = playPass(
    undisturbed(designWith()),
    passWith({ targets: { of: "moderators" } }),
  );
  assert.equal(asked.length, 0);
  assert.deepEqual(events[1], {
    type: "AnnotationPassCompleted",
    data: { pass: "p1", annotated: 0, unparsed: 0 },
  });
});

Deno.test("annotated() keeps the raw reply, even if it cannot be read", () => {
  const step = question(passWith());
  const generation = {
    model: TEST_MODEL,
    promptHash: portableSha256(JSON.stringify(step.request.messages)),
    seed: step.request.seed,
    finishReason: "stop",
  };
  const asked = { pass: "p1", comment: 0, annotator: "Rita" };
  assert.deepEqual(annotated(step, saying(" **4** ")), {
    type: "CommentAnnotated",
    data: { ...asked, values: { toxicity: 4 }, raw: " **4** ", attempt: 1, generation },
  });
  assert.deepEqual(annotated(step, saying("4 or 5")), {
    type: "AnnotationUnparsed",
    data: {
      ...asked,
      scales: ["toxicity"],
      raw: "4 or 5",
      problem: "the reply holds several answers: 4, 5",
      attempt: 1,
      generation,
    },
  });
});

Deno.test("annotationFailed() does not advance the pass", () => {
  const design = passWith();
  const step = question(design);
  const failure = annotationFailed(step, new ModelError("time-out", "too slow"));
  assert.deepEqual(failure, {
    type: "AnnotationFailed",
    data: { pass: "p1", comment: 0, annotator: "Rita", model: TEST_MODEL, kind: "time-out", retryable: true },
  });
  assert.deepEqual(question(design, failure), step);
});

Deno.test("leavingOutContext() leaves out the oldest comments, never the annotated one", () => {
  const design = passWith({ history: 2 });
  const replies = playPass(
    DISCUSSION,
    design,
    ({ question }) => question.scales[0]!.name === "toxicity" ? "3" : "no",
  ).events.slice(1);
  // Twelve annotations settle the first three comments. The prompt about the fourth comment shows two before it.
  const settled = replies.slice(0, 12);
  const state = after(design, ...settled);
  const step = question(design, ...settled);
  assert.equal(step.question.comment, 3);
  for (const [comments, shown] of [[1, [2, 3]], [2, [3]]] as const) {
    const shorter = leavingOutContext(state, step, { comments, sha256: portableSha256 })!;
    const content = shorter.request.messages.at(-1)!.content;
    for (const { comment, author, text } of COMMENTS) {
      const isShown = (shown as readonly number[]).includes(comment);
      assert.equal(content.includes(`${author}: ${text}\n`), isShown);
    }
    assert.equal(shorter.commentsLeftOut, comments);
    assert.equal(shorter.promptHash, portableSha256(JSON.stringify(shorter.request.messages)));
    assert.equal(shorter.request.seed, step.request.seed);
  }
  for (const comments of [3, 4, 0, -1, 0.5, NaN]) {
    assert.equal(leavingOutContext(state, step, { comments, sha256: portableSha256 }), null);
  }
});

Deno.test("decideAnnotation() gives requests about two discussions different seeds, even if the passes have equal seeds", () => {
  const other = undisturbed(designWith({ turns: 6, moderator: moderatorWith(), id: "d2" }));
  const [one, two] = [DISCUSSION, other].map((events) =>
    new Set(playPass(events, passWith()).asked.map(({ request: { seed } }) => seed))
  );
  assert.equal(one!.intersection(two!).size, 0);
});

Deno.test("a person who gives no value is not asked again: the log has the reason, and the next question comes", () => {
  const design = passWith({ retries: 5 });
  const asked = question(design);
  for (
    const [reply, reason] of [
      [{ finishReason: "other", finishReasonGiven: CANNOT_TELL }, "the annotator cannot tell"],
      [{ finishReason: "timed-out" }, "the annotator did not answer in time"],
      [{ finishReason: "declined" }, "the annotator or the author of the comment does not take part"],
    ] as const
  ) {
    const event = annotated(asked, { text: "", ...reply });
    assert.ok(event.type === "AnnotationUnparsed");
    const { scales, problem, raw } = event.data;
    assert.deepEqual([scales, problem, raw], [["toxicity"], reason, ""]);
    const next = question(design, event);
    assert.deepEqual([next.question.scales[0]!.name, next.attempt], ["insult", 1]);
  }
  const other = annotated(asked, { text: "", finishReason: "other", finishReasonGiven: "sleepy" });
  assert.equal(question(design, other).attempt, 2);
});
