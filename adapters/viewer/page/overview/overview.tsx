/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** How far the runs are. It shows no outcome. */
import type { VNode } from "npm:preact@11.2.0";
import type { PageProps } from "../base/page.ts";
import { Empty } from "../base/parts.tsx";

/** How far the runs are. It shows no outcome. */
export function Overview(_props: PageProps): VNode {
  return <Empty title="This page is not built yet" />;
}
