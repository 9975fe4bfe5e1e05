/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The viewer's page. */
import { render } from "npm:preact@11.2.0";

render(<h1>SynDisco</h1>, document.getElementById("app")!);
