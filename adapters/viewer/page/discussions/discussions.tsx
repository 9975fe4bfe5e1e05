/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The list of discussions, and the search in their texts. */
import type { VNode } from "npm:preact@11.2.0";
import type { PageProps } from "../base/page.ts";
import { Empty } from "../base/parts.tsx";

/** The list of discussions, and the search in their texts. */
export function Discussions(_props: PageProps): VNode {
  return <Empty title="This page is not built yet" />;
}
