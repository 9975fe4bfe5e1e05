/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** Outcomes, after a look was recorded. */
import type { VNode } from "npm:preact@11.2.0";
import type { PageProps } from "../base/page.ts";
import { Empty } from "../base/parts.tsx";

/** Outcomes, after a look was recorded. */
export function Outcomes(_props: PageProps): VNode {
  return <Empty title="This page is not built yet" />;
}
