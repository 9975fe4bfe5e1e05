/** Checks a page with the rules of axe, for tests. */
import axe, { type AxeResults } from "npm:axe-core@4.14.1";
import type { Page } from "npm:playwright-core@1.65.1";

/** The rules of accessibility that the page breaks, each with the elements; empty if it breaks none. */
export async function axeProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate("axe.run()") as AxeResults;
  return violations.map(({ id, nodes }) =>
    `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).slice(0, 3).join(", ")}`
  );
}
