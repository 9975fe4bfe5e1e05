/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The page for raters: starts it in the browser. */
import { render } from "npm:preact@11.2.0";
import { withToken } from "../page_token.ts";
import { RatingModel } from "./rating_model.ts";
import { RatingPage } from "./rating_page.tsx";
import { httpRatingSource } from "./rating_source.ts";
import { draftsOf } from "./stored.ts";

withToken("syndisco.rating.token", (token) => {
  const model = new RatingModel(httpRatingSource(token), draftsOf(token));
  render(<RatingPage key={token} model={model} />, document.getElementById("app")!);
});
