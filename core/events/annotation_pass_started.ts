/** `AnnotationPassStarted`: the first event of every pass over a discussion. */
import type { AnnotationDesign } from "./annotation_design.ts";

/**
 * A pass over the comments of a finished discussion began; `data` holds everything that is needed to go on with it. When
 * further annotators of an imported pass come in, it is recorded again and names all of them.
 */
export type AnnotationPassStarted = Readonly<{ type: "AnnotationPassStarted"; data: AnnotationDesign }>;
