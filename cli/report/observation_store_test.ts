import assert from "node:assert/strict";
import { observe } from "../../analysis/outcomes/observe.ts";
import { experimentWith, held } from "../../analysis/fidelity/testing/mod.ts";
import { slotsOf } from "../../analysis/projections/mod.ts";
import { observationWith } from "../../analysis/outcomes/testing/mod.ts";
import { measureTexts } from "../../analysis/texts/text_measures.ts";
import { annotationEvents, sampleEvents } from "../../core/testing/sample_stream.ts";
import type { Scale } from "../../core/annotation/scales/mod.ts";
import { CompactList } from "./compact_list.ts";
import { ObservationStore } from "./observation_store.ts";

Deno.test("ObservationStore gives equal observations whose equal slots and conditions are one object", async () => {
  const run = held(await experimentWith({ replications: 3 }));
  const logs = [...run, ...run, [...sampleEvents("sample"), ...annotationEvents("mood")]];
  const observations = await Promise.all(
    logs.map((events) =>
      observe("run", slotsOf(events), (comments) => Promise.resolve(measureTexts(comments)))
    ),
  );
  const store = new ObservationStore();
  const kept = observations.map((one) => store.keep(structuredClone(one)));
  assert.ok(observations.at(-1)!.judgements.length > 0);
  // The second time, the details of another observation were read last.
  for (const order of [kept, kept.toReversed()]) {
    const expected = order.map((one) => observations[kept.indexOf(one)]);
    assert.deepEqual(JSON.parse(JSON.stringify(order)), expected);
  }
  for (const [nth, one] of kept.slice(0, run.length).entries()) {
    const [{ slots, factors }, again] = [one, kept[nth + run.length]!];
    const others = again.slots;
    assert.ok(slots.length > 0 && slots.every((slot, place) => slot === others[place]));
    assert.equal(factors, again.factors);
  }
});

Deno.test("ObservationStore keeps a scale once, also if its passes are about different comments", () => {
  const scale: Scale = { name: "mood", type: "interval", min: 1, max: 5, question: "How good is the mood?" };
  const store = new ObservationStore();
  const kept = [[0, 1], [1]].map((targets) => {
    const judgements = [{
      pass: "moods",
      scale: { ...scale },
      annotators: ["Ann"],
      targets,
      values: [[3, null]],
      isReread: true,
    }] as const;
    const one = observationWith({ judgements }, 2);
    const found = store.keep(one);
    assert.deepEqual(found.judgements, judgements);
    return found;
  });
  const [first, second] = kept.map(({ judgements }) => judgements[0]!);
  assert.equal(first!.scale, second!.scale);
  assert.equal(first!.annotators, second!.annotators);
});

Deno.test("CompactList gives back all numbers and parts, also if there are very many", () => {
  const values = [0, 239, 240, 65_535, 65_536, -1, -0, 0.1, 1e300, NaN, null, true, "x", "", { a: [1] }];
  const list = new CompactList();
  for (let round = 0; round < 10_000; round++) list.writeAll([...values, `text ${round}`]);
  const reader = list.reader(0);
  for (let round = 0; round < 10_000; round++) {
    assert.deepStrictEqual(reader.readAll(), [...values, `text ${round}`]);
  }
});
