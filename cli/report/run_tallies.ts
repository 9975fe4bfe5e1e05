/** Counts everything about the logs of a run that its report needs, except the observations of its discussions. */
import {
  type CountedRunFidelity,
  FidelityTally,
  type RunDeclaration,
} from "../../analysis/fidelity/fidelity.ts";
import type { SeedOptions } from "../../analysis/fidelity/mod.ts";
import {
  type Appendable,
  type CountedDesigns,
  type CountedExecution,
  type CountedStatus,
  type CountedWords,
  DesignTally,
  ExecutionTally,
  type LogCollector,
  PeopleWordsTally,
  type PriceLookUp,
  StatusTally,
} from "../../analysis/projections/mod.ts";

/** What {@linkcode RunTallies} have counted. */
export type CountedLogs = Readonly<{
  design: CountedDesigns;
  status: CountedStatus;
  execution: CountedExecution;
  fidelity: CountedRunFidelity;
  people: CountedWords;
}>;

/** The tallies of a run. */
export class RunTallies implements Appendable<CountedLogs> {
  readonly design: DesignTally;
  readonly status: StatusTally;
  readonly execution: ExecutionTally;
  readonly fidelity: FidelityTally;
  readonly people: PeopleWordsTally;

  /** Starts with no log. */
  constructor(against: RunDeclaration, pricesFor: PriceLookUp, options: SeedOptions = {}) {
    this.design = new DesignTally(options);
    this.status = new StatusTally(pricesFor, options);
    this.execution = new ExecutionTally(options);
    this.fidelity = new FidelityTally(against, options);
    this.people = new PeopleWordsTally();
  }

  /** The tallies, for the reader of the logs. */
  get collectors(): readonly LogCollector[] {
    return [this.design, this.status, this.execution, this.fidelity, this.people];
  }

  /** See {@linkcode Appendable}. */
  counted(): CountedLogs {
    return {
      design: this.design.counted(),
      status: this.status.counted(),
      execution: this.execution.counted(),
      fidelity: this.fidelity.counted(),
      people: this.people.counted(),
    };
  }

  /** See {@linkcode Appendable}. The counts must not repeat draws. */
  append({ design, status, execution, fidelity, people }: CountedLogs): void {
    this.design.append(design);
    this.status.append(status);
    this.execution.append(execution);
    this.fidelity.append(fidelity);
    this.people.append(people);
  }
}
