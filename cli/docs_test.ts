import assert from "node:assert/strict";
import { parse } from "./shared/optique.ts";
import { COMMANDS } from "./commands/mod.ts";
import { formattedPage, PAGES } from "./docs.ts";

for (const [path, make] of PAGES) {
  Deno.test(`${path} is the page that deno task docs generates`, async () => {
    const written = await Deno.readTextFile(new URL(`../${path}`, import.meta.url));
    assert.equal(written, await formattedPage(make));
  });
}

Deno.test("the example of every command can be parsed", async () => {
  for (const { name, load } of COMMANDS) {
    const { command: { example, parser } } = await load();
    const [called, ...args] = example.match(/"[^"]*"|\S+/g)!.map((word) => word.replaceAll('"', ""));
    assert.equal(called, name);
    const result = parse(parser, args);
    assert.ok(result.success, example);
  }
});
