/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The page of a seat: starts it in the browser. */
import { render } from "npm:preact@11.2.0";
import { withToken } from "../page_token.ts";
import { draftsOf } from "./drafts.ts";
import { SeatPage } from "./page.tsx";
import { seatServer } from "./server.ts";

withToken("syndisco.seat", (token) => {
  const page = <SeatPage key={token} server={seatServer(token)} drafts={draftsOf(token)} />;
  render(page, document.getElementById("app")!);
});
