/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The conditions of one replicate in columns. */
import type { VNode } from "npm:preact@11.2.0";
import type { PageProps } from "../base/page.ts";
import { Empty } from "../base/parts.tsx";

/** The conditions of one replicate in columns. */
export function SideBySide(_props: PageProps): VNode {
  return <Empty title="This page is not built yet" />;
}
