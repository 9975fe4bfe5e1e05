/** What an experiment's discussions are drawn from, in figures. */
import type { DiscussionSettings, Experiment, Role } from "../../core/experiment/mod.ts";
import type { DrawnFrom } from "./facts.ts";

/** What there was to draw from. */
export function drawnFrom({ conditions }: Experiment): DrawnFrom {
  const settings = conditions.flatMap(({ variants }) => variants);
  const sizes = (of: (settings: DiscussionSettings) => number) =>
    [...new Set(settings.map(of))].sort((a, b) => a - b);
  const roles = new Map<string, Role>();
  for (const role of settings.flatMap((one) => one.roles)) roles.set(JSON.stringify(role), role);
  return {
    personas: sizes(({ others }) => others.length),
    pinned: sizes(({ pinned }) => pinned.length),
    openings: sizes(({ openings }) => openings.length),
    roles: [...roles.values()],
    rolesDiffer: new Set(settings.map(({ roles }) => JSON.stringify(roles))).size > 1,
  };
}
