/** All pages of the viewer. */
import type { Page } from "./base/page.ts";
import { Discussions } from "./discussions/discussions.tsx";
import { Outcomes } from "./outcomes/outcomes.tsx";
import { Overview } from "./overview/overview.tsx";
import { SideBySide } from "./side_by_side/side_by_side.tsx";
import { Transcript } from "./transcript/transcript.tsx";

/** The pages, in the order of the header. */
export const PAGES: readonly Page[] = [
  { path: "", title: "Overview", isInHeader: true, View: Overview },
  { path: "discussions", title: "Discussions", isInHeader: true, View: Discussions },
  { path: "side-by-side", title: "Side by side", isInHeader: true, View: SideBySide },
  { path: "outcomes", title: "Outcomes", isInHeader: true, View: Outcomes },
  { path: "d", title: "Discussion", isInHeader: false, View: Transcript },
];
