import assert from "node:assert/strict";
import { join } from "node:path";
import { inFolder } from "../../testing/in_folder.ts";
import { deleteUnused, indexFolder } from "./index_place.ts";

Deno.test("indexFolder() returns the usual cache folder of each operating system", () => {
  const folder = (os: typeof Deno.build.os, variables: Readonly<Record<string, string>>) =>
    indexFolder(os, new Map(Object.entries(variables)));
  const all = { XDG_CACHE_HOME: "cache", HOME: "home", LOCALAPPDATA: "local" };
  assert.equal(folder("linux", all), join("cache", "syndisco"));
  assert.equal(folder("linux", { HOME: "home" }), join("home", ".cache", "syndisco"));
  assert.equal(folder("darwin", { HOME: "home" }), join("home", "Library", "Caches", "syndisco"));
  assert.equal(folder("windows", { LOCALAPPDATA: "local" }), join("local", "syndisco", "cache"));
  assert.equal(folder("linux", { HOME: "" }), null);
  assert.equal(folder("windows", {}), null);
});

Deno.test("deleteUnused() deletes indexes that no viewer used for 90 days, and no other file", () =>
  inFolder((folder) => {
    const names = ["old.index.sqlite", "old.index.sqlite-wal", "new.index.sqlite", "other.sqlite"];
    for (const name of names) Deno.writeTextFileSync(join(folder, name), "");
    const nowMs = Date.UTC(2026, 5, 1);
    for (const name of names) {
      const days = name.startsWith("new") ? 80 : 100;
      Deno.utimeSync(
        join(folder, name),
        (nowMs - days * 86_400_000) / 1000,
        (nowMs - days * 86_400_000) / 1000,
      );
    }
    deleteUnused(folder, nowMs);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
      "new.index.sqlite",
      "other.sqlite",
    ]);
    deleteUnused(join(folder, "missing"), nowMs);
    return Promise.resolve();
  }));
