import assert from "node:assert/strict";
import { join } from "node:path";
import { inFolder } from "../testing/in_folder.ts";
import { readTrustedCode, trustCode, trustedCodePath } from "./trusted_code.ts";

const hash = (digit: string) => digit.repeat(64);

Deno.test("trustedCodePath() follows each operating system's rules for configuration folders", () => {
  const path = (variables: Readonly<Record<string, string>>, os = "linux") =>
    trustedCodePath((name) => variables[name], os);
  assert.equal(path({ HOME: "/u/a", XDG_CONFIG_HOME: "/conf" }), "/conf/syndisco/trusted_code");
  assert.equal(path({ HOME: "/u/a", XDG_CONFIG_HOME: "conf" }), "/u/a/.config/syndisco/trusted_code");
  assert.equal(path({ HOME: "/u/a" }, "darwin"), "/u/a/Library/Preferences/syndisco/trusted_code");
  assert.equal(path({}), null);
});

Deno.test("trustCode() adds each hash once, and keeps entries after a line that was cut", () =>
  inFolder((folder) => {
    const path = join(folder, "new", "trusted_code");
    trustCode(path, new Map([[hash("a"), "/some where\n/a.ts"]]));
    trustCode(path, new Map([[hash("a"), "/other/a.ts"], [hash("b"), "b.ts"]]));
    assert.deepEqual([...readTrustedCode(path)], [hash("a"), hash("b")]);
    Deno.writeTextFileSync(path, `${hash("c")} "cut`, { append: true });
    Deno.writeTextFileSync(path, `\n${hash("d").slice(1)}`, { append: true });
    trustCode(path, new Map([[hash("e"), "e.ts"]]));
    assert.deepEqual([...readTrustedCode(path)], ["a", "b", "c", "e"].map(hash));
    return Promise.resolve();
  }));

Deno.test("readTrustedCode() returns no hashes if there is no list", () => {
  assert.equal(readTrustedCode(null).size, 0);
  assert.equal(readTrustedCode("/does/not/exist").size, 0);
});
