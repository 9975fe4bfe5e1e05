/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** Starts the page of the viewer's server in the browser. */
import "./base/no_eval.ts";
import { startPage } from "./start_page.tsx";
import { followTokens, httpSource, takeToken } from "./source_http.ts";

startPage(httpSource(takeToken()));
followTokens((token) => startPage(httpSource(token)));
