import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { inFolder } from "../testing/in_folder.ts";
import { peopleStatePath, readPeopleState, tokenFor, writePeopleState } from "./people_state.ts";

Deno.test("the state of a run's pages is in the user's state folder, and only the user can read it", () =>
  inFolder((folder) => {
    const path = peopleStatePath("k", (name) => name === "XDG_STATE_HOME" ? folder : undefined, "linux")!;
    assert.equal(path, join(folder, "syndisco", "people", "k.json"));
    const state = { ...readPeopleState(path), port: 4321 };
    writePeopleState(path, state);
    assert.deepEqual(readPeopleState(path), state);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    Deno.writeTextFileSync(path, "{}");
    assert.notEqual(readPeopleState(path).secret, state.secret);
    return Promise.resolve();
  }));

Deno.test("peopleStatePath() follows the customs of each system", () => {
  const home = (name: string) => ({ HOME: "/ann", LOCALAPPDATA: "C:\\Local" })[name];
  assert.equal(peopleStatePath("k", home, "linux"), "/ann/.local/state/syndisco/people/k.json");
  assert.equal(
    peopleStatePath("k", home, "darwin"),
    "/ann/Library/Application Support/syndisco/people/k.json",
  );
  assert.equal(peopleStatePath("k", () => undefined, "linux"), null);
});

Deno.test("tokenFor() gives each person a token of its own, the same at every start", () => {
  const tokens = ["seat", "rater"].flatMap((kind) =>
    ["a", "b"].map((person) => tokenFor("secret", kind, person))
  );
  assert.equal(new Set(tokens).size, 4);
  assert.equal(tokenFor("secret", "seat", "a"), tokens[0]);
  assert.notEqual(tokenFor("other", "seat", "a"), tokens[0]);
  assert.ok(tokens.every((token) => /^[\w-]{43}$/.test(token)));
});
