import assert from "node:assert/strict";
import { AHEAD_MAX, inOrder } from "./in_order.ts";

/** Items that say how many were taken, without end. */
function endless(): { items: Iterable<number>; taken: () => number; ended: () => boolean } {
  let [taken, ended] = [0, false];
  function* items() {
    try {
      while (true) yield taken++;
    } finally {
      ended = true;
    }
  }
  return { items: items(), taken: () => taken, ended: () => ended };
}

Deno.test("inOrder() gives results in the order of the items, whichever is ready first", async () => {
  const first = Promise.withResolvers<string>();
  const work = (item: string) => {
    if (item === "first") return first.promise;
    first.resolve("first");
    return Promise.resolve(item);
  };
  assert.deepEqual(await Array.fromAsync(inOrder(["first", "second"], work)), ["first", "second"]);
  assert.deepEqual(await Array.fromAsync(inOrder([], work)), []);
});

Deno.test("inOrder() takes no item while AHEAD_MAX are under way or wait to be taken", async () => {
  const { items, taken, ended } = endless();
  const results = inOrder(items, (item) => Promise.resolve(item));
  for (let nth = 0; nth < 3; nth++) {
    assert.deepEqual(await results.next(), { done: false, value: nth });
    await new Promise((resolve) => setTimeout(resolve));
    assert.equal(taken(), AHEAD_MAX + nth);
  }
  await results.return(undefined);
  assert.equal(ended(), true);
});

Deno.test("inOrder() ends with the first failure in the order of the items, and takes no further one", async () => {
  const { items, taken, ended } = endless();
  const results = inOrder(
    items,
    (item) => item < 2 ? Promise.resolve(item) : Promise.reject(Error(`${item}`)),
  );
  assert.equal((await results.next()).value, 0);
  assert.equal((await results.next()).value, 1);
  await assert.rejects(results.next(), { message: "2" });
  assert.equal((await results.next()).done, true);
  assert.equal(taken(), AHEAD_MAX + 2);
  assert.equal(ended(), true);
});
