/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The page of a seat: starts it in the browser. */
import { render } from "npm:preact@11.2.0";
import { withToken } from "../page_token.ts";
import { SeatPage } from "./page.tsx";
import { seatServer } from "./server.ts";

withToken("syndisco.seat", (token) => {
  render(<SeatPage key={token} server={seatServer(token)} />, document.getElementById("app")!);
});
