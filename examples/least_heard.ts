/** A turn-taking strategy: the participant with the fewest turns goes next. Silent turns count, too. */
import type { TurnTakingStrategy } from "@syndisco/syndisco";

const leastHeard: TurnTakingStrategy = {
  name: "least-heard",
  select(view, draw) {
    const all = view.participants.map((_, index) => index);
    const candidates = all.length === 1 ? all : all.filter((index) => index !== view.last);
    const fewest = Math.min(...candidates.map((index) => view.turnsTaken[index]!));
    return draw.pick(candidates.filter((index) => view.turnsTaken[index] === fewest));
  },
};

export default leastHeard;
