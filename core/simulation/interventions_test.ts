import assert from "node:assert/strict";
import { eventOf } from "../events/mod.ts";
import { readStream } from "../engine/mod.ts";
import { portableSha256 as sha256 } from "../sha256.ts";
import { abstained, interventionPosted as posted, turnPassed, turnTaken } from "../testing/mod.ts";
import { undisturbed } from "./ledger.ts";
import { wrongIntervention } from "./interventions.ts";
import { scenarioOf } from "./scenario.ts";

const MAYOR = { author: "Mayor", text: "Hm." };
const DESIGN = { interventions: [{ after: 1, author: "Eve", text: "Stop." }, { after: 1, ...MAYOR }] };
const ANN = turnTaken({ turn: 0, comment: 0, participant: "Ann", text: "Hello." });
const RIGHT = [ANN, posted(0, 1), posted(0, 2, MAYOR), abstained(0), turnPassed(1, "Bob"), abstained(1)];

Deno.test("wrongIntervention() accepts interventions right after their turn, in the design's order", () => {
  assert.equal(wrongIntervention(DESIGN, RIGHT), null);
  assert.equal(wrongIntervention({}, [ANN, abstained(0)]), null);
});

Deno.test("wrongIntervention() finds interventions that are lost, repeated, swapped, late, or after the moderator's reply", () => {
  const [ann, eve, mayor, ...rest] = RIGHT;
  const wrong = [
    [ann, eve, ...rest],
    [ann, eve, eve, mayor, ...rest],
    [ann, mayor, eve, ...rest],
    [ann, eve, rest[0], mayor, ...rest.slice(1)],
    [ann, eve, ...rest, mayor],
    [eve, ann, mayor, ...rest],
    [...RIGHT, eve],
  ];
  for (const events of wrong) {
    assert.notEqual(wrongIntervention(DESIGN, events.map((event) => event!)), null);
  }
});

Deno.test("in some discussions of scenarios, an intervention comes before a reply of the moderator", async () => {
  let found = 0;
  for (let seed = 0; seed < 20; seed++) {
    const scenario = scenarioOf(String(seed));
    const store = await undisturbed(scenario, { sha256, alter: (environment) => environment });
    for (const { id } of scenario.designs) {
      const types = (await Array.fromAsync(readStream(store, id, sha256), eventOf)).map(({ type }) => type);
      if (types.join().includes("InterventionPosted,ModeratorIntervened")) found++;
    }
  }
  assert.ok(found > 0);
});
