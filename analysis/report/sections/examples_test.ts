import assert from "node:assert/strict";
import type { DiscussionEvent } from "../../../core/events/mod.ts";
import {
  abstained,
  designWith,
  intervened,
  moderatorWith,
  participantsNamed,
  passWith,
  seedPosted,
  turnPassed,
  turnTaken,
} from "../../../core/testing/mod.ts";
import { slotsOf } from "../../projections/mod.ts";
import { COMMENT_SHOWN_MAX, COMMENTS_SHOWN_MAX, transcriptOf } from "./examples.ts";

const transcriptWith = (events: readonly DiscussionEvent[]) =>
  transcriptOf(slotsOf(events), "d1", "The median.");

const [ann, bob] = participantsNamed("Ann", "Bob");
const opened: DiscussionEvent = {
  type: "DiscussionOpened",
  data: designWith({
    participants: [{ ...ann!, role: { name: "troll", instructions: "" } }, bob!],
    moderator: moderatorWith(),
  }),
};

function annotated(
  pass: string,
  comment: number,
  values: Record<string, number | string | boolean>,
): DiscussionEvent {
  return { type: "CommentAnnotated", data: { pass, comment, annotator: "Rita", values } };
}

Deno.test("transcriptOf() shows roles, silences, the moderator, and the annotations of each comment", () => {
  const { comments } = transcriptWith([
    opened,
    seedPosted(0, "Bob", "Trams?"),
    turnTaken({ turn: 0, comment: 1, participant: "Ann", text: "<script>alert(1)</script>" }),
    intervened(0, 2, "Be kind."),
    turnPassed(1, "Bob"),
    abstained(1),
    { type: "AnnotationPassStarted", data: passWith() },
    annotated("p1", 1, { toxicity: 2, insult: true }),
    annotated("p1", 1, { toxicity: 5, insult: false }),
    annotated("p1", 1, { toxicity: 3, insult: true }),
    annotated("p1", 2, { toxicity: 1 }),
    {
      type: "SilenceAnnotated",
      data: { pass: "p1", position: 3, annotator: "Rita", values: { toxicity: 0.5 } },
    },
  ]);
  assert.deepEqual(comments, [
    { by: "opening", author: "Bob", role: null, text: "Trams?", annotations: "" },
    {
      by: "participant",
      author: "Ann",
      role: "troll",
      text: "<script>alert(1)</script>",
      annotations: "toxicity 3.33, insult yes (2 of 3), no (1 of 3)",
    },
    { by: "moderator", author: "Mod", role: null, text: "Be kind.", annotations: "toxicity 1" },
    { by: "participant", author: "Bob", role: null, text: null, annotations: "toxicity 0.5" },
    { by: "moderator", author: "Mod", role: null, text: null, annotations: "" },
  ]);
});

Deno.test("transcriptOf() names the pass if there are several, and leaves out free texts of annotators", () => {
  const why = { name: "why", type: "text", maxLength: 100, question: "Why?" } as const;
  const other = passWith({ pass: "p2" });
  const { comments } = transcriptWith([
    opened,
    turnTaken({ turn: 0, comment: 0, participant: "Ann", text: "No." }),
    { type: "AnnotationPassStarted", data: passWith() },
    {
      type: "AnnotationPassStarted",
      data: { ...other, codebook: { ...other.codebook, scales: [...other.codebook.scales, why] } },
    },
    annotated("p1", 0, { toxicity: 2 }),
    annotated("p2", 0, { toxicity: 4, why: "Because." }),
  ]);
  assert.equal(comments[0]!.annotations, "p1/toxicity 2, p2/toxicity 4");
});

Deno.test("transcriptOf() cuts long comments and long discussions, and says so", () => {
  const long = "x".repeat(COMMENT_SHOWN_MAX + 1234);
  const turns = Array.from(
    { length: COMMENTS_SHOWN_MAX + 5 },
    (_, turn) => turnTaken({ turn, comment: turn, participant: "Ann", text: turn === 0 ? long : "No." }),
  );
  const { comments, text } = transcriptWith([opened, ...turns]);
  assert.equal(comments.length, COMMENTS_SHOWN_MAX);
  assert.match(comments[0]!.text!, /^x{2000} … \[1,234 more characters\]$/);
  assert.equal(text, "The median. The first 60 of 65 comments and silences are shown.");
});
