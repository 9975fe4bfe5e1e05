/** A source of the viewer whose answers a test sets. */
import type { Notice, ViewerSource } from "../api.ts";

/** A source, and a way to send notices. */
export type FixedSource = Readonly<{ source: ViewerSource; notify: (notice: Notice) => void }>;

/**
 * Makes a source without runs.
 *
 * @param answers Members that replace the default members.
 */
export function fixedSource(answers: Partial<ViewerSource> = {}): FixedSource {
  const listeners = new Set<(notice: Notice) => void>();
  return {
    notify: (notice) => {
      for (const listener of listeners) listener(notice);
    },
    source: {
      isExport: false,
      runs: () => Promise.resolve([]),
      overview: () => Promise.resolve({ runs: [], indexed: { done: 0, of: 0 } }),
      list: () => Promise.resolve({ rows: [], total: 0, all: 0, facets: {} }),
      search: () =>
        Promise.resolve({
          hits: [],
          total: 0,
          isTotalCut: false,
          indexed: { done: 0, of: 0 },
          problem: null,
        }),
      events: () => Promise.resolve({ events: [], next: 0, isEnd: true, damage: null }),
      look: () =>
        Promise.resolve({ outcomes: [], ended: 0, completed: 0, planned: 0, analysis: "", unrecorded: null }),
      outcome: () => Promise.resolve(null),
      report: () => Promise.resolve(null),
      follow: (listener, signal) => {
        listeners.add(listener);
        signal.addEventListener("abort", () => listeners.delete(listener), { once: true });
      },
      ...answers,
    },
  };
}
