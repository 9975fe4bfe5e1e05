/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The frame around every page: header, search field, state of the connection. */
import type { ComponentChildren, VNode } from "npm:preact@11.2.0";
import { useEffect, useRef } from "npm:preact@11.2.0/hooks";
import type { RunFacts } from "../api.ts";
import { KEY_TABLE } from "./base/key_table.ts";
import { useKeys } from "./base/keys.ts";
import { Button, Link } from "./base/parts.tsx";
import { type Go, type Route, routeTo, valueOf, withValues } from "./base/router.ts";
import { changeSettings, settings } from "./base/settings.ts";
import { Words } from "./base/words.tsx";
import { PAGES } from "./pages.ts";

/** This many names of runs stand in the header. */
const RUNS_SHOWN = 2;

const KEYS = KEY_TABLE.everywhere.keys;
const THEMES = ["system", "light", "dark"] as const;

/** The keys of the pages in the header, by the first part of their path. */
const PAGE_KEYS = {
  "": KEYS.overview,
  discussions: KEYS.discussions,
  "side-by-side": KEYS.sideBySide,
  outcomes: KEYS.outcomes,
};

/** Whether the page gets notices of changes from the server. */
export type Connection = "open" | "lost" | "refused";

const CONNECTION_WORDS = {
  lost: "Connection lost. The page shows the last known state, and connects again automatically.",
  refused:
    "The link of this page is from an earlier start of the viewer. Open the link that the command printed last.",
} as const;

/** The frame around a page. */
export function Frame(
  { route, go, runs, connection, onHelp, children }: Readonly<{
    route: Route;
    go: Go;
    runs: readonly RunFacts[];
    connection: Connection;
    onHelp: () => void;
    children: ComponentChildren;
  }>,
): VNode {
  const main = useRef<HTMLElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const page = route.path[0] ?? "";
  const text = valueOf(route, "q") ?? "";
  useEffect(() => {
    if (field.current !== null) field.current.value = text;
  }, [text]);
  useKeys("everywhere", {
    help: onHelp,
    search: () => field.current?.select(),
    overview: () => go(routeTo([])),
    discussions: () => go(routeTo(["discussions"])),
    sideBySide: () => go(routeTo(["side-by-side"])),
    outcomes: () => go(routeTo(["outcomes"])),
    theme: () => changeSettings({ theme: THEMES[(THEMES.indexOf(settings().theme) + 1) % THEMES.length]! }),
    marks: () => changeSettings({ marks: !settings().marks }),
  });
  const search = (event: Event) => {
    event.preventDefault();
    const q = field.current?.value.trim() || null;
    const list = page === "discussions" ? route : routeTo(["discussions"]);
    go(withValues(list, { q, hit: null }));
    main.current?.focus();
  };
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={(event) => (event.preventDefault(), main.current?.focus())}
      >
        Skip to the content
      </a>
      <header class="frame">
        <p class="runs">
          <Link to={routeTo([])} className="brand">SynDisco</Link>
          <RunNames runs={runs} />
        </p>
        <nav aria-label="Pages">
          <ul>
            {PAGES.filter(({ isInHeader }) => isInHeader).map(({ path, title }) => (
              <li key={path}>
                <Link
                  to={routeTo(path === "" ? [] : [path])}
                  current={page === path}
                  entry={PAGE_KEYS[path as keyof typeof PAGE_KEYS]}
                >
                  {title}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <form role="search" onSubmit={search}>
          <input
            type="search"
            ref={field}
            name="q"
            aria-label="Search in all comments"
            aria-keyshortcuts="/"
            placeholder="Search in all comments"
            autocomplete="off"
            onKeyDown={(event) => {
              if (event.key !== "Escape") return;
              event.preventDefault();
              main.current?.focus();
            }}
          />
          <kbd aria-hidden="true">/</kbd>
        </form>
        <Button kind="quiet" onPress={onHelp} entry={KEYS.help} label="Keys and display">Keys</Button>
      </header>
      {connection !== "open" && <p class="lost" role="status">{CONNECTION_WORDS[connection]}</p>}
      {runs.filter(({ isGone }) => isGone).map(({ name, place = name }) => (
        <p key={name} class="lost" role="status">
          There is no run at <Words text={place} />{" "}
          now. The page shows the last known state, and continues when the run is there again.
        </p>
      ))}
      <main id="main" ref={main} tabIndex={-1} key={page}>{children}</main>
    </>
  );
}

function RunNames({ runs }: Readonly<{ runs: readonly RunFacts[] }>): VNode {
  const rest = runs.length - RUNS_SHOWN;
  return (
    <span class="run-names">
      {runs.slice(0, RUNS_SHOWN).map(({ name }) => (
        <span key={name} class="run-name">
          <Words text={name} />
        </span>
      ))}
      {rest > 0 && <span class="run-name">and {rest} more</span>}
    </span>
  );
}
