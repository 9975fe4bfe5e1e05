/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The viewer's page: starts it in the browser. */
import "./base/no_eval.ts";
import { render } from "npm:preact@11.2.0";
import { App } from "./app.tsx";
import { httpSource, takeToken } from "./source_http.ts";

render(<App source={httpSource(takeToken())} />, document.getElementById("app")!);
