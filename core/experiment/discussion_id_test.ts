import assert from "node:assert/strict";
import { discussionId, slugOf } from "./plan.ts";

Deno.test("discussionId() hashes seed, levels and replicate", () => {
  // printf '["syndisco/id/1","42",[["moderator","gentle"]],7]' | sha256sum
  const condition = { label: "gentle", factors: { moderator: "gentle" } };
  assert.equal(discussionId({ seed: "42", condition, replicate: 7 }), "gentle.r0007.6c23e15a");
});

Deno.test("discussionId() gives different ids to conditions with the same readable part", () => {
  const id = (label: string) =>
    discussionId({ seed: "1", condition: { label, factors: { f: label } }, replicate: 1 });
  assert.notEqual(id("naïve"), id("naive"));
  assert.match(id("naïve"), /^naive\.r0001\./);
});

Deno.test("discussionId() adds digits for many replicates", () => {
  const condition = { label: "base", factors: {} };
  assert.match(discussionId({ seed: "1", condition, replicate: 123_456 }), /^base\.r123456\.[0-9a-f]{8}$/);
});

Deno.test("slugOf() gives names that every file system accepts", () => {
  assert.equal(slugOf("gentle+5"), "gentle+5");
  assert.equal(slugOf("0.4"), "0.4");
  assert.equal(slugOf("Write briefly, please!"), "Write-briefly-please");
  assert.equal(slugOf("../../etc/passwd"), "etc-passwd");
  assert.equal(slugOf(".hidden"), "hidden");
  assert.equal(slugOf("-rf"), "rf");
  assert.equal(slugOf("ήπιος"), "condition");
  assert.equal(slugOf("Ärger"), "Arger");
  assert.equal(slugOf("CON"), "CON-");
  assert.equal(slugOf("x".repeat(300)).length, 48);
});
