import assert from "node:assert/strict";
import { listOf, listParameter, listQueryOf, listRoute } from "./list_query.ts";
import { discussionRoute, formatRoute, parseRoute } from "./router.ts";

const QUERY = {
  condition: ["moderator=none", "a & b"],
  has: ["cut", "branch"],
  name: "r0001",
  sort: "outcome:toxicity",
  descending: true,
} as const;

Deno.test("listQueryOf() reads the query that listRoute() writes", () => {
  assert.deepEqual(listQueryOf(parseRoute(formatRoute(listRoute(QUERY)))), QUERY);
  assert.deepEqual(listQueryOf(listRoute()), {});
});

Deno.test("a discussion's address carries its list, so that the way back leads to the same list", () => {
  const list = listRoute(QUERY);
  const discussion = discussionRoute("run", "d1", { at: 2, list: listParameter(list) });
  assert.deepEqual(listOf(parseRoute(formatRoute(discussion))), list);
  assert.equal(listParameter(listRoute()), null);
  assert.deepEqual(listOf(discussionRoute("run", "d1")), listRoute());
});
