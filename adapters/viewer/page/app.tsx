/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The whole page: the address chooses what is shown. */
import type { VNode } from "npm:preact@11.2.0";
import { useCallback, useEffect, useMemo, useRef, useState } from "npm:preact@11.2.0/hooks";
import type { Notice, ViewerSource } from "../api.ts";
import { useAnswer } from "./base/answer.ts";
import { listenToKeys } from "./base/keys.ts";
import { type Shared, SharedContext } from "./base/page.ts";
import { Link, Problem } from "./base/parts.tsx";
import { formatRoute, type Go, parseRoute, type Route, routeTo } from "./base/router.ts";
import { showSettings } from "./base/settings.ts";
import { ExportNote } from "./export_note.tsx";
import { type Connection, Frame } from "./frame.tsx";
import { Help } from "./help.tsx";
import { PAGES } from "./pages.ts";

/** The shortest time between two announcements for screen readers, in milliseconds. */
const ANNOUNCEMENTS_MS = 10_000;

/** The shortest time between two questions for the facts of the runs, in milliseconds. */
const RUNS_MS = 2_000;

/** The viewer's page. */
export function App({ source }: Readonly<{ source: ViewerSource }>): VNode {
  const [route, go] = useRoute();
  const [connection, setConnection] = useState<Connection>("open");
  const [hasHelp, setHelp] = useState(false);
  const runs = useAnswer("runs", () => source.runs());
  const { listen, tell } = useListeners();
  const { announced, announce } = useAnnouncements();
  const again = useRef(runs.again);
  again.current = runs.again;
  useEffect(() => {
    showSettings();
    const end = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    source.follow((notice) => {
      if (notice.kind === "connection") {
        setConnection(notice.isOpen ? "open" : notice.isRefused ? "refused" : "lost");
      }
      if (notice.kind === "overview" || notice.kind === "reload") {
        timer ??= setTimeout(() => (timer = undefined, again.current()), RUNS_MS);
      }
      tell(notice);
    }, end.signal);
    const stop = listenToKeys(document);
    return () => (end.abort(), clearTimeout(timer), stop());
  }, [source]);
  const { replace } = runs;
  // No page is drawn before the runs are known, because a page shows outcomes only after a look at these runs
  // is recorded.
  const facts = useMemo(() => runs.value ?? [], [runs.value]);
  const shared = useMemo<Shared>(
    () => ({ runs: facts, reloadRuns: async () => replace(await source.runs()), listen, announce }),
    [facts, listen, announce, source],
  );
  const page = PAGES.find(({ path }) => path === (route.path[0] ?? ""));
  useTitle(page?.title ?? "Not found", shared.runs.map(({ name }) => name), route.path[0] ?? "");
  return (
    <SharedContext.Provider value={shared}>
      <Frame route={route} go={go} runs={facts} connection={connection} onHelp={() => setHelp(true)}>
        <ExportNote runs={facts} />
        {runs.problem !== null && <Problem text={runs.problem} onRetry={runs.again} />}
        {page === undefined
          ? (
            <>
              <h1>There is no such page</h1>
              <p>
                <Link to={routeTo([])}>Go to the overview</Link>
              </p>
            </>
          )
          : runs.value !== null && <page.View source={source} route={route} go={go} />}
        {runs.value === null && runs.problem === null && <p class="loading" role="status">Loading …</p>}
      </Frame>
      <p class="aside" role="status" aria-live="polite">{announced}</p>
      {hasHelp && <Help onClose={() => setHelp(false)} />}
    </SharedContext.Provider>
  );
}

function useRoute(): [Route, Go] {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const changed = () => setRoute(parseRoute(location.hash));
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  const go = useCallback<Go>((to, { replace = false } = {}) => {
    const hash = formatRoute(to);
    if (replace) location.replace(hash);
    else location.hash = hash;
  }, []);
  return [route, go];
}

function useListeners() {
  return useMemo(() => {
    const listeners = new Set<(notice: Notice) => void>();
    return {
      listen(listener: (notice: Notice) => void) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      tell(notice: Notice) {
        for (const listener of [...listeners]) listener(notice);
      },
    };
  }, []);
}

/** The text that comes next, and the timer of the pause before it. */
type Waiting = Readonly<{ text: string | null; timer: ReturnType<typeof setTimeout> | null }>;

/**
 * The latest announcement. If several announcements come during a pause, only the last of them is made after
 * the pause.
 */
function useAnnouncements() {
  const [announced, setAnnounced] = useState("");
  const waiting = useRef<Waiting>({ text: null, timer: null });
  const announce = useCallback((text: string) => {
    if (waiting.current.timer !== null) {
      waiting.current = { ...waiting.current, text };
      return;
    }
    setAnnounced(text);
    const timer = setTimeout(() => {
      const { text: next } = waiting.current;
      waiting.current = { text: null, timer: null };
      if (next !== null) announce(next);
    }, ANNOUNCEMENTS_MS);
    waiting.current = { text: null, timer };
  }, []);
  return { announced, announce };
}

/** Sets the title of the window, and moves the focus to a page that was just opened. */
function useTitle(title: string, runs: readonly string[], path: string): void {
  useEffect(() => {
    document.title = [title, ...runs.slice(0, 1), "SynDisco"].join(" · ");
  }, [title, runs[0]]);
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    document.getElementById("main")?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [path]);
}
