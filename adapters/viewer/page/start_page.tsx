/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** Shows the page. */
import { render } from "npm:preact@11.2.0";
import type { ViewerSource } from "../api.ts";
import { App } from "./app.tsx";

let starts = 0;

/**
 * Shows the page with the answers of a source. With another source, the page starts again, and asks
 * everything again.
 */
export function startPage(source: ViewerSource): void {
  render(<App key={starts++} source={source} />, document.getElementById("app")!);
}
