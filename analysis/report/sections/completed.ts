/** Which discussions are described. */
import type { Observation } from "../../outcomes/mod.ts";
import type { Block } from "../document.ts";
import { formatCount, plural } from "../numbers.ts";
import { paragraph } from "./columns.ts";

/** The discussions that ran to their end; what became of the others is no result. */
export function completedOf(observations: readonly Observation[]): readonly Observation[] {
  return observations.filter(({ end }) => end === "completed");
}

/** Says how many discussions are described, and how many are not. */
export function completedBlock(observations: readonly Observation[]): Block {
  const completed = completedOf(observations).length;
  const left = observations.length - completed;
  if (completed === 0) {
    return {
      kind: "callout",
      tone: "caution",
      title: "No discussion was completed",
      text: observations.length === 0
        ? "There are no discussions: there is nothing to describe."
        : `Of ${
          plural(observations.length, "discussion")
        } none ran to its end: there is nothing to describe.`,
    };
  }
  const described = plural(completed, "completed discussion");
  return paragraph(
    left === 0
      ? `Described: ${described}.`
      : `Described: ${described}. Left out, as they did not run to their end: ${formatCount(left)}.`,
  );
}
