/** `AnnotationPassCompleted`: the last event of a pass. */

/** Everything that the pass asks about the discussion has been answered, or could not be read. */
export type AnnotationPassCompleted = Readonly<{
  type: "AnnotationPassCompleted";
  data: Readonly<{
    pass: string;
    /** Requests whose reply was read. */
    annotated: number;
    /** Requests that were given up after all retries, since no reply could be read. */
    unparsed: number;
  }>;
}>;
