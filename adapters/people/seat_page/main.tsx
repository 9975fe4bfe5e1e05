/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The page of a seat: starts it in the browser. */
import { render } from "npm:preact@11.2.0";
import { SeatPage } from "./page.tsx";
import { seatServer, takeToken } from "./server.ts";

render(<SeatPage server={seatServer(takeToken())} />, document.getElementById("app")!);
