/**
 * Limits that several workers share: the division, the board, and the code of a worker.
 *
 * @module
 */
export {
  boardAfterLoss,
  type BoardState,
  type Capacity,
  EMPTY_BOARD,
  isSilent,
  type PauseState,
  type SharedLimit,
  type SilentWorker,
  without,
  type WorkerLimit,
  type WorkerState,
} from "./board_state.ts";
export { type Claim, divide, type Division, shareOf } from "./divide.ts";
export { type BoardPart, exchange, type Exchanged, isDivisionDue } from "./exchange.ts";
export { type SharedModel, type SharedParts, type WorkerContext, WorkerLimits } from "./worker_limits.ts";
export { type MemoryBoardOptions, type MemoryLimitBoard, memoryLimitBoard } from "./memory_limit_board.ts";
