import assert from "node:assert/strict";
import { openDraw } from "../random/mod.ts";
import { turnView } from "../testing/mod.ts";
import { roundRobin } from "./round_robin.ts";

const NAMES = ["Ann", "Bob", "Cem"];

function rounds(seed: string, options: { randomFirst?: boolean }): number[] {
  const speakers: number[] = [];
  for (let turn = 0; turn < 7; turn++) {
    const view = turnView(NAMES, { turn, last: speakers.at(-1) ?? null });
    speakers.push(roundRobin.select(view, openDraw(seed, "speaker", turn), options));
  }
  return speakers;
}

Deno.test("round-robin gives turns in the order of the design, and begins with the first participant", () => {
  assert.deepEqual(rounds("42", {}), [0, 1, 2, 0, 1, 2, 0]);
  assert.deepEqual(rounds("43", { randomFirst: false }), [0, 1, 2, 0, 1, 2, 0]);
});

Deno.test("round-robin with a random first speaker continues in the order of the design", () => {
  const firsts = [0, 0, 0];
  for (let seed = 0; seed < 6000; seed++) {
    const speakers = rounds(String(seed), { randomFirst: true });
    const first = speakers[0]!;
    assert.deepEqual(speakers, [0, 1, 2, 3, 4, 5, 6].map((turn) => (first + turn) % 3));
    firsts[first]!++;
  }
  // Central 99.9 % of the binomial distribution with n = 6000 and p = 1/3.
  for (const count of firsts) assert.ok(count >= 1880 && count <= 2121, `${firsts}`);
});

Deno.test("round-robin lets a lone participant speak again", () => {
  assert.equal(roundRobin.select(turnView(["Ann"], { last: 0 }), openDraw("42"), {}), 0);
});
