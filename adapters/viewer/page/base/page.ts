/** What every page gets, and what pages share. */
import { createContext, type VNode } from "npm:preact@11.2.0";
import { useContext, useEffect, useRef } from "npm:preact@11.2.0/hooks";
import type { Notice, RunFacts, ViewerSource } from "../../api.ts";
import type { Go, Route } from "./router.ts";

/** What a page gets. */
export type PageProps = Readonly<{ source: ViewerSource; route: Route; go: Go }>;

/** A page of the viewer. */
export type Page = Readonly<{
  /** The first part of the path in the address; empty for the overview. */
  path: string;
  /** The title in the window and in the header. */
  title: string;
  /** Whether the header links to the page. */
  isInHeader: boolean;
  View: (props: PageProps) => VNode;
}>;

/** What all pages share. */
export type Shared = Readonly<{
  /** The runs that are open. */
  runs: readonly RunFacts[];
  /** Asks for the runs again, for instance after a look was recorded. */
  reloadRuns: () => Promise<void>;
  /**
   * Calls the listener at each notice.
   *
   * @returns A function that stops this.
   */
  listen: (listener: (notice: Notice) => void) => () => void;
  /** Announces a text to users of screen readers, without interrupting them. */
  announce: (text: string) => void;
}>;

/** The shared values. `main.tsx` provides them. */
export const SharedContext = createContext<Shared>({
  runs: [],
  reloadRuns: () => Promise.resolve(),
  listen: () => () => {},
  announce: () => {},
});

/** What all pages share. */
export function useShared(): Shared {
  return useContext(SharedContext);
}

/** Calls the listener at each notice while the component is on the screen. */
export function useNotices(listener: (notice: Notice) => void): void {
  const { listen } = useShared();
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => listen((notice) => latest.current(notice)), [listen]);
}
