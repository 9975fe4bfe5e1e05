import assert from "node:assert/strict";
import { observe } from "../../analysis/outcomes/observation.ts";
import { experimentWith, held } from "../../analysis/fidelity/testing/mod.ts";
import { slotsOf } from "../../analysis/projections/mod.ts";
import { measureTexts } from "../../analysis/texts/text_measures.ts";
import { annotationEvents, sampleEvents } from "../../core/testing/sample_stream.ts";
import { SharedParts } from "./shared_parts.ts";

Deno.test("SharedParts gives equal observations whose equal slots and conditions are one object", async () => {
  const run = held(await experimentWith({ replications: 3 }));
  const logs = [...run, ...run, [...sampleEvents("sample"), ...annotationEvents("mood")]];
  const observations = await Promise.all(
    logs.map((events) =>
      observe("run", slotsOf(events), (comments) => Promise.resolve(measureTexts(comments)))
    ),
  );
  const shared = new SharedParts();
  const kept = observations.map((one) => shared.observation(structuredClone(one)));
  assert.deepEqual(kept, observations);
  for (const [nth, one] of kept.slice(0, run.length).entries()) {
    const again = kept[nth + run.length]!;
    assert.ok(one.slots.length > 0 && one.slots.every((slot, place) => slot === again.slots[place]));
    assert.equal(one.factors, again.factors);
  }
});
