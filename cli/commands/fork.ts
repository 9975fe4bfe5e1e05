/** `fork`: continues discussions of a run under other conditions, as a run of its own. */
import { argument, integer, message, multiple, object, option, optional, string } from "../shared/optique.ts";
import { missing, place, runPlace, setting } from "../shared/arguments.ts";
import { runOptions } from "../shared/limits.ts";
import { defineCommand } from "../shared/command.ts";

const parser = object({
  run: argument(place("RUN"), { description: runPlace }),
  discussion: multiple(option("-d", "--discussion", string({ metavar: "ID" }), {
    description: message`A discussion to continue; the beginning of its name is enough. It can be repeated.`,
  })),
  condition: optional(option("--condition", string({ metavar: "CONDITION" }), {
    description: message`Continue all discussions of this condition.`,
  })),
  at: option("--at", integer({ metavar: "N", min: 0 }), {
    description:
      message`Continue after turn N. Turns are numbered from 1, as the transcript of replay shows them. The moderator's
reply after turn N is not kept: the moderator is asked again. With 0, only the openings are kept.`,
  }),
  set: multiple(option("--set", setting(), {
    description:
      message`A value that replaces the one in the experiment file, such as moderator=gentle. It can be repeated.
Each discussion is then continued twice: unchanged and changed.`,
  })),
  replications: optional(option("--replications", integer({ metavar: "N", min: 1 }), {
    description:
      message`How many branches of each kind to run; by default, one for each discussion. The branches continue the
discussions in turn.`,
  })),
  ...runOptions,
}, missing("RUN", "a run's folder"));

export const command = defineCommand({
  parser,
  description:
    message`The new run is an ordinary run: its folder has an experiment file with discussion.past, and copies of the
continued logs. To resume it, give the same command again, or give its folder to run.`,
  example: "fork runs/first-experiment --condition none --at 5 --set moderator=gentle",
  findings: "some discussions failed",
  async run(values, io, { words }) {
    const { run, discussion, condition, at, set, replications, trust } = values;
    const { loadFork } = await import("../run/fork_run.ts");
    const { hintingAtFork } = await import("../run/earlier_fork.ts");
    const { runLoaded } = await import("../run/run_loaded.ts");
    const loaded = await loadFork({
      run,
      discussions: discussion,
      condition,
      at,
      settings: set,
      replications,
      out: values.out,
      trusted: trust,
    });
    return await hintingAtFork(
      { run, at, out: values.out },
      () => runLoaded(loaded, { values, words }, io),
    );
  },
});
