/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The list of slots. Of a long list, only the visible part is drawn. */
import {
  observeWindowOffset,
  observeWindowRect,
  Virtualizer,
  windowScroll,
} from "npm:@tanstack/virtual-core@3.19.11";
import type { VNode } from "npm:preact@11.2.0";
import { useEffect, useLayoutEffect, useRef, useState } from "npm:preact@11.2.0/hooks";

/** Up to this many comments are all drawn, so that the browser's own search finds them. */
export const ALL_DRAWN_MAX = 500;

/** The height of a comment before it was measured, in pixels. */
const HEIGHT_ESTIMATED = 130;

/** Comments that are drawn before and after the visible ones. */
const OVERSCAN = 8;

/** Scrolls to a slot. */
export type ShowPosition = (position: number, block: "center" | "nearest") => void;

type ListProps = Readonly<{
  size: number;
  draw: (position: number) => VNode;
  /** Receives the function that scrolls to a slot. */
  onReady: (show: ShowPosition) => void;
  idOf: (position: number) => string;
}>;

/**
 * The list of slots.
 *
 * @param isWhole Whether all slots are drawn, even if there are many, because the page is printed.
 */
export function CommentList({ isWhole, ...props }: ListProps & Readonly<{ isWhole: boolean }>): VNode {
  return props.size > ALL_DRAWN_MAX && !isWhole ? <WindowList {...props} /> : <WholeList {...props} />;
}

function WholeList({ size, draw, onReady, idOf }: ListProps): VNode {
  useLayoutEffect(
    () => onReady((position, block) => document.getElementById(idOf(position))?.scrollIntoView({ block })),
    [],
  );
  return (
    <ol class="comments whole">
      {Array.from({ length: size }, (_, position) => <li key={position}>{draw(position)}</li>)}
    </ol>
  );
}

function WindowList({ size, draw, onReady }: ListProps): VNode {
  const list = useRef<HTMLOListElement>(null);
  const [, redraw] = useState(0);
  const [virtual] = useState(() =>
    new Virtualizer<Window, HTMLLIElement>({
      ...optionsFor(size),
      onChange: () => redraw((number) => number + 1),
    })
  );
  virtual.setOptions({
    ...virtual.options,
    count: size,
    scrollMargin: list.current === null ? 0 : list.current.getBoundingClientRect().top + scrollY,
  });
  useEffect(() => virtual._didMount(), []);
  useLayoutEffect(() => virtual._willUpdate());
  useLayoutEffect(() => {
    redraw((number) => number + 1);
    onReady((position, block) => {
      const isDrawn = virtual.getVirtualItems().some(({ index }) => index === position);
      const element = isDrawn ? list.current?.querySelector(`[data-index="${position}"]`) : null;
      if (element && block === "nearest") element.scrollIntoView({ block });
      else virtual.scrollToIndex(position, { align: block === "center" ? "center" : "auto" });
    });
  }, []);
  const items = virtual.getVirtualItems();
  const margin = virtual.options.scrollMargin;
  const [before, after] = [
    items.length === 0 ? 0 : items[0]!.start - margin,
    items.length === 0 ? 0 : virtual.getTotalSize() - (items.at(-1)!.end - margin),
  ];
  return (
    <ol class="comments window" ref={list} style={{ paddingTop: `${before}px`, paddingBottom: `${after}px` }}>
      {items.map(({ index, key }) => (
        <li
          key={key}
          data-index={index}
          ref={(element) => void virtual.measureElement(element)}
        >
          {draw(index)}
        </li>
      ))}
    </ol>
  );
}

function optionsFor(count: number) {
  return {
    count,
    getScrollElement: () => globalThis as unknown as Window,
    estimateSize: () => HEIGHT_ESTIMATED,
    scrollToFn: windowScroll,
    observeElementRect: observeWindowRect,
    observeElementOffset: observeWindowOffset,
    initialRect: { width: innerWidth, height: innerHeight },
    overscan: OVERSCAN,
  };
}
