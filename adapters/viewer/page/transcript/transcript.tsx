/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** One discussion. */
import type { VNode } from "npm:preact@11.2.0";
import type { PageProps } from "../base/page.ts";
import { Empty } from "../base/parts.tsx";

/** One discussion. */
export function Transcript(_props: PageProps): VNode {
  return <Empty title="This page is not built yet" />;
}
