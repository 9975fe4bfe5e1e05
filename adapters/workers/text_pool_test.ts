import assert from "node:assert/strict";
import { measureTexts, type SpokenText } from "../../analysis/mod.ts";
import { openDraw } from "../../core/random/mod.ts";
import { TextPool } from "./text_pool.ts";

const said = (...texts: readonly string[]) =>
  texts.map((text, place): SpokenText => ({ by: place % 3 === 0 ? "moderator" : "participant", text }));

/** Discussions with 0 to 11 comments of 0 to 39 words. */
function discussions(count: number): readonly (readonly SpokenText[])[] {
  return Array.from({ length: count }, (_, nth) => {
    const draw = openDraw("test", "texts", nth);
    const word = () => ["so", "it", "is", "λόγος", "İstanbul", `${nth}`][draw.below(6)]!;
    const comment = () => Array.from({ length: draw.below(40) }, word).join(" ");
    return said(...Array.from({ length: draw.below(12) }, comment));
  });
}

Deno.test("TextPool.measure() returns to each caller the measures that measureTexts() computes", async () => {
  using pool = new TextPool({ workers: 2 });
  const texts = [[], said("alone"), said("…", "…"), ...discussions(300)];
  assert.deepEqual(await Promise.all(texts.map(pool.measure)), texts.map(measureTexts));
  assert.deepEqual(await Promise.all(texts.map(pool.measure)), texts.map(measureTexts));
});

Deno.test("TextPool.measure() fails for texts that cannot be measured, and then measures the next texts", async () => {
  using pool = new TextPool({ workers: 1 });
  const strange = [{ text: {} }, { text: {} }] as unknown as readonly SpokenText[];
  const [before, failed, after] = await Promise.allSettled(
    [said("so", "so"), strange, said("so", "it")].map(pool.measure),
  );
  assert.equal(before!.status, "fulfilled");
  assert.equal(after!.status, "fulfilled");
  assert(failed?.status === "rejected");
  assert.match(String(failed.reason), /^Error: Cannot measure texts: \w+Error: /);
});

Deno.test({
  name: "TextPool.measure() fails for all callers, now and later, when a worker fails",
  // A worker cannot start without this permission, because Deno reads its file.
  permissions: { read: false },
  async fn() {
    using pool = new TextPool({ workers: 2 });
    const failure = /^Error: Cannot measure texts: a worker failed: Requires read access/;
    const asked = discussions(20).map(pool.measure);
    for (const one of asked) await assert.rejects(one, failure);
    await assert.rejects(pool.measure(said("so", "so")), failure);
  },
});

Deno.test("TextPool fails all waiting requests when it is closed", async () => {
  const pool = new TextPool({ workers: 2 });
  const asked = discussions(20).map(pool.measure);
  pool[Symbol.dispose]();
  for (const one of asked) {
    await assert.rejects(one, /^Error: Cannot measure texts: the pool of workers is closed$/);
  }
  await assert.rejects(pool.measure(said("so", "so")), /the pool of workers is closed/);
});

Deno.test("TextPool refuses a number of workers that is not a whole number of at least 1", () => {
  for (const workers of [0, -1, 1.5, NaN]) {
    assert.throws(() => new TextPool({ workers }), {
      name: "RangeError",
      message: `Cannot start "${workers}" workers: expected a whole number of at least 1`,
    });
  }
});
