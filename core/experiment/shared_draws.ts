/** Which draws the discussions of an experiment make, and which of these draws its conditions share. */
import type { DiscussionSettings, Experiment } from "./experiment.ts";
import { type DrawName, DRAWS, isShared } from "./matched.ts";
import { type Finding, quoted } from "./problems.ts";

/**
 * The draws that the discussions of an experiment make. Discussions with a past make fewer draws: the rest
 * comes from the past.
 */
function drawsMade(settings: readonly DiscussionSettings[], isVaried: boolean): ReadonlySet<DrawName> {
  const fresh = settings.filter(({ past }) => past === null);
  const some = (test: (one: DiscussionSettings) => boolean) => fresh.some(test);
  const made: Readonly<Record<DrawName, boolean>> = {
    personas: fresh.length > 0,
    models: some(({ participantModels }) => participantModels.length > 1),
    roles: some(({ roles }) => roles.length > 0),
    openings: some(({ openings }) => openings.length > 0),
    vary: isVaried,
    speakers: true,
    sampling: true,
  };
  return new Set(DRAWS.filter((name) => made[name]));
}

/** What the conditions of a replicate share, without the draws that no discussion of the experiment makes. */
export function sharedDraws({ matched, conditions, vary }: Experiment): readonly DrawName[] {
  const made = drawsMade(conditions.flatMap(({ variants }) => variants), vary.length > 0);
  return DRAWS.filter((name) => made.has(name) && isShared(matched, name));
}

/**
 * Refuses a list that names a draw twice, and a list with a draw that no discussion makes: the conditions
 * could not share it.
 */
export function matchedFindings(
  written: unknown,
  settings: readonly DiscussionSettings[],
  isVaried: boolean,
): readonly Finding[] {
  if (!Array.isArray(written)) return [];
  const made = drawsMade(settings, isVaried);
  return written.flatMap((name: DrawName, at): Finding[] => {
    const path = ["design", "matched", at];
    if (written.indexOf(name) < at) return [{ path, message: `${quoted(name)} is listed twice` }];
    return made.has(name) ? [] : [{ path, message: `no discussion draws ${quoted(name)}: leave it out` }];
  });
}
