/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The viewer's page: starts it in the browser. */
import "./base/no_eval.ts";
import { render } from "npm:preact@11.2.0";
import { App } from "./app.tsx";
import { exportedIndex, fileSource } from "./source_file.ts";
import { httpSource, takeToken } from "./source_http.ts";

const index = exportedIndex();
const source = index === null ? httpSource(takeToken()) : fileSource(index);
render(<App source={source} />, document.getElementById("app")!);
