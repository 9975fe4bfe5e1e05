/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** Shows the page. */
import { render } from "npm:preact@11.2.0";
import type { ViewerSource } from "../api.ts";
import { App } from "./app.tsx";

/** Shows the page with the answers of a source. */
export function startPage(source: ViewerSource): void {
  render(<App source={source} />, document.getElementById("app")!);
}
