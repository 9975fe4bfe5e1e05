/** What follows from a design alone, worked out once instead of at every turn. */
import type { DiscussionDesign } from "../events/discussion_design.ts";

/**
 * Remembers what a function says of a design, for as long as the design is in use. Designs never change.
 *
 * @param workOut A pure function.
 */
export function perDesign<T>(workOut: (design: DiscussionDesign) => T): (design: DiscussionDesign) => T {
  const known = new WeakMap<DiscussionDesign, Readonly<{ value: T }>>();
  return (design) => {
    let remembered = known.get(design);
    if (remembered === undefined) {
      remembered = { value: workOut(design) };
      known.set(design, remembered);
    }
    return remembered.value;
  };
}
