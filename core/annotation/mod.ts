/**
 * Annotation: comments of finished discussions are judged, by any number of annotators and scales.
 *
 * @module
 */
export type { Codebook, Scale, ScaleType, ScaleValue } from "./codebook.ts";
export type { AnnotationDesign, Annotator, Targets } from "./design.ts";
