/**
 * The vectors of a run's comments: which models made them, and how the run stores them.
 *
 * @module
 */
export {
  asVectorModel,
  readVectorModels,
  sameVectorModel,
  type TextPlace,
  type VectorModel,
  vectorModelsText,
} from "./vector_model.ts";
export { readVectorLine, type TextVector, vectorLine } from "./vector_line.ts";
export { openVectors, readVectors, type VectorKeeper, type Vectors } from "./run_vectors.ts";
