import assert from "node:assert/strict";
import { listLog } from "../../../analysis/listing/mod.ts";
import { slotsOf } from "../../../analysis/projections/mod.ts";
import { annotationEvents, sampleEvents } from "../../../core/testing/sample_stream.ts";
import { packLog, unpackLog } from "./packed_log.ts";

Deno.test("unpackLog() gives back every figure that packLog() packed", () => {
  const events = [...sampleEvents("d"), ...annotationEvents("mood")].map((event, nth) => ({
    ...event,
    at: new Date(Date.UTC(2026, 0, 1, 12, 0, nth)).toISOString(),
  }));
  const facts = {
    run: "r",
    events: 3,
    hash: "ab",
    pricesFor: () => ({ input: 1, output: 2, currency: "EUR" }),
  };
  const logs = [
    { discussion: "d", damage: null, slots: slotsOf(events) },
    { discussion: "d", damage: "line 9 is damaged", slots: slotsOf(events.slice(0, 6)) },
    { discussion: "d", damage: "line 1 is damaged", slots: null },
  ];
  for (const log of logs) {
    const listed = listLog(log, facts);
    const { design, figures } = packLog(listed);
    assert.deepEqual(
      unpackLog({ run: "r", discussion: "d" }, JSON.parse(design), JSON.parse(figures)),
      listed,
    );
  }
});
