import assert from "node:assert/strict";
import type { ModelSpec } from "../../../core/events/mod.ts";
import { designWith, passWith } from "../../../core/testing/mod.ts";
import { analysisWith, linesOf, runFactsOf } from "../testing/mod.ts";
import { methodsSection } from "./methods.ts";

const MODELS: Readonly<Record<string, ModelSpec>> = {
  person: { adapter: "human", sampling: {}, options: { timeLimitSeconds: 60 } },
  robot: { adapter: "scripted", sampling: {}, options: {} },
};
const NONE = { texts: 0, people: 0 };

function linesFor(speakers: readonly string[], raters: readonly string[]): readonly string[] {
  const participants = speakers.map((model, nth) => ({ name: `P${nth}`, model, persona: {} }));
  const annotators = raters.map((model, nth) => ({ name: `R${nth}`, model, persona: {}, instructions: "" }));
  const only = (names: readonly string[]) =>
    Object.fromEntries(Object.entries(MODELS).filter(([name]) => names.includes(name)));
  const run = runFactsOf([[
    { type: "DiscussionOpened", data: designWith({ participants, models: only(speakers) }) },
    { type: "AnnotationPassStarted", data: passWith({ annotators, models: only(raters) }) },
  ]], {
    people: { agreed: 6, withdrew: 1 },
    peopleWords: { speakers: 4, raters: 1, withdrawn: NONE, sealed: NONE },
  });
  return linesOf(methodsSection([run], analysisWith()));
}

function assertSays(text: string, ...parts: readonly string[]): void {
  for (const part of parts) assert.ok(text.includes(part), `"${part}" is not in:\n${text}`);
}

Deno.test("methodsSection() does not call people simulated, and counts who took part, rated and withdrew", () => {
  const lines = linesFor(["person", "person"], ["person"]);
  assertSays(
    lines[0]!,
    "We ran 1 discussion between people with SynDisco",
    "Participants were people.",
    "1 person annotated comments on",
    "4 people took part in discussions (each seat counts as one) and 1 person rated comments; 1 person withdrew.",
  );
  assert.doesNotMatch(lines.join("\n"), /simulated|adapter human/);
  assertSays(
    lines.join("\n"),
    "by 1 person (R0)",
    "person (people, not a language model; timeLimitSeconds 60)",
  );
});

Deno.test("methodsSection() names people and models separately", () => {
  const lines = linesFor(["person", "robot"], ["person", "robot", "robot"]);
  assertSays(
    lines[0]!,
    "between people and simulated participants with",
    "Participants were people or simulated by robot (a script, not a language model).",
    "1 person and 2 annotators simulated by robot annotated comments on",
  );
  assertSays(
    lines.join("\n"),
    "by 1 person (R0) and 2 annotators (R1 and R2), simulated by robot (a script, not a language model)\n",
  );
});
