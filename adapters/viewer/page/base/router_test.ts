import assert from "node:assert/strict";
import fc from "fast-check";
import { discussionRoute, formatRoute, parseRoute, routeTo, valueOf, withValues } from "./router.ts";

Deno.test("parseRoute() reads the path and all values of the query", () => {
  assert.deepEqual(parseRoute("#/discussions?condition=a%3Db&condition=c&q=two+words"), {
    path: ["discussions"],
    query: { condition: ["a=b", "c"], q: ["two words"] },
  });
  assert.deepEqual(parseRoute(""), { path: [], query: {} });
  assert.deepEqual(parseRoute("#/"), { path: [], query: {} });
});

Deno.test("parseRoute() reads any text, and keeps parts that cannot be decoded", () => {
  assert.deepEqual(parseRoute("#/d/100%/x").path, ["d", "100%", "x"]);
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      assert.ok(Array.isArray(parseRoute(text).path));
    }),
    { numRuns: 20 },
  );
});

Deno.test("formatRoute() writes what parseRoute() reads, whatever names contain", () => {
  const text = fc.string({ unit: "grapheme", minLength: 1 });
  const route = fc.record({
    path: fc.array(text),
    query: fc.dictionary(text.filter((name) => name !== "__proto__"), fc.array(text, { minLength: 1 })),
  });
  fc.assert(fc.property(route, (route) => {
    assert.deepEqual(parseRoute(formatRoute(route)), {
      path: route.path,
      query: { ...route.query },
    });
  }));
});

Deno.test("withValues() replaces and removes parameters, and keeps the others", () => {
  const route = routeTo(["discussions"], { condition: ["a", "b"], sort: "words" });
  assert.equal(
    formatRoute(withValues(route, { sort: null, at: 3 })),
    "#/discussions?condition=a&condition=b&at=3",
  );
  assert.equal(valueOf(route, "condition"), "a");
  assert.equal(valueOf(route, "none"), null);
});

Deno.test("discussionRoute() escapes names that look like addresses", () => {
  const route = discussionRoute("a/b", "../c?d#e", { at: 0 });
  assert.equal(formatRoute(route), "#/d/a%2Fb/..%2Fc%3Fd%23e?at=0");
  assert.deepEqual(parseRoute(formatRoute(route)), route);
  assert.equal(formatRoute(discussionRoute("run", "half \ud800")), "#/d/run/half%20%EF%BF%BD");
});
