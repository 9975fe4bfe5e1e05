/** Keeps a part of the page as it is while its properties are the same, so that long lists are redrawn quickly. */
import { Component, type VNode } from "npm:preact@11.2.0";

/** A component that is drawn again only if a property changes. */
export function memoized<Props extends object>(View: (props: Props) => VNode) {
  return class extends Component<Props> {
    override shouldComponentUpdate(next: Readonly<Props>): boolean {
      const [old, names] = [this.props as Props, Object.keys(next) as (keyof Props)[]];
      return names.length !== Object.keys(old).length || names.some((name) => old[name] !== next[name]);
    }
    override render(props: Readonly<Props>): VNode {
      return View(props);
    }
  };
}
