/** Draws only the part of a long list that is on the screen. */
import { useEffect, useLayoutEffect, useReducer, useState } from "npm:preact@11.2.0/hooks";
import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type Range,
  Virtualizer,
} from "npm:@tanstack/virtual-core@3.19.11";

/** A list that is drawn in parts. */
export type VirtualList = Readonly<{
  /** How many items it has. */
  count: number;
  /** The height of an item in pixels. If heights differ, an estimate is enough. */
  heightOf: (index: number) => number;
  /** The element that scrolls. */
  scroller: () => HTMLElement | null;
  /** Identifies an item, so that its element stays the same while others come and go. */
  keyOf: (index: number) => string;
  /** An item that is always drawn, because it has the focus; -1 for none. */
  kept: number;
}>;

/** Items above and below the screen that are drawn as well. */
const OVERSCAN = 8;

/** The virtual list. The component that uses it is drawn again when the list scrolls. */
export function useVirtual(
  { count, heightOf, scroller, keyOf, kept }: VirtualList,
): Virtualizer<HTMLElement, HTMLElement> {
  const [, redraw] = useReducer((number: number, _: void) => number + 1, 0);
  const options = {
    count,
    estimateSize: heightOf,
    getScrollElement: scroller,
    getItemKey: keyOf,
    overscan: OVERSCAN,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    rangeExtractor: (range: Range) => {
      const indexes = defaultRangeExtractor(range);
      if (kept < 0 || kept >= count || indexes.includes(kept)) return indexes;
      return [...indexes, kept].sort((one, other) => one - other);
    },
    onChange: () => redraw(),
  };
  const [virtualizer] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options));
  virtualizer.setOptions({ ...virtualizer.options, ...options });
  useEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  return virtualizer;
}
