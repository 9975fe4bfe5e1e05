import assert from "node:assert/strict";
import { inFolder } from "../../testing/in_folder.ts";
import { passwordOf } from "./password.ts";

const NAMES = ["PGPASSWORD", "PGPASSFILE", "PGUSER"];

/** Sets variables, and gives them their former values afterwards. */
async function withVariables(
  values: Readonly<Record<string, string>>,
  use: () => Promise<void>,
): Promise<void> {
  const before = new Map(NAMES.map((name) => [name, Deno.env.get(name)]));
  for (const name of NAMES) Deno.env.delete(name);
  for (const [name, value] of Object.entries(values)) Deno.env.set(name, value);
  try {
    await use();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
}

Deno.test("passwordOf() takes the password from PGPASSWORD, or from the line of PGPASSFILE that fits", () =>
  inFolder(async (folder) => {
    const file = `${folder}/passwords`;
    const lines = ["# a comment", "host:5433:lab:ann:a\\:b\\\\c", "*:*:lab:bob:second", ""];
    await Deno.writeTextFile(file, lines.join("\n"), { mode: 0o600 });
    await withVariables({ PGPASSFILE: file }, async () => {
      assert.equal(await passwordOf({ host: "host", port: 5433, database: "lab", user: "ann" })(), "a:b\\c");
      assert.equal(await passwordOf({ host: "other", database: "lab", user: "bob" })(), "second");
      assert.equal(await passwordOf({ host: "other", database: "lab", user: "eve" })(), "");
    });
    await withVariables({ PGPASSFILE: file, PGUSER: "bob" }, async () => {
      assert.equal(await passwordOf({ database: "lab" })(), "second");
    });
    await withVariables({ PGPASSFILE: file, PGPASSWORD: "first" }, async () => {
      assert.equal(await passwordOf({ database: "lab", user: "bob" })(), "first");
    });
    await withVariables({ PGPASSFILE: `${folder}/missing` }, async () => {
      assert.equal(await passwordOf({ database: "lab", user: "bob" })(), "");
    });
  }));
