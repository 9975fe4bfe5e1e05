/** A limit board in memory, for tests and simulations. */
import { type LimitBoard, StoreError } from "../ports/mod.ts";
import {
  boardAfterLoss,
  type BoardState,
  EMPTY_BOARD,
  isSilent,
  without,
  type WorkerState,
} from "./board_state.ts";
import { exchange, isDivisionDue } from "./exchange.ts";

/** The clock of a board, and how it finds out whether processes are connected. */
export type MemoryBoardOptions = Readonly<{
  now: () => number;
  /** Whether a worker's process is still connected. By default, it is not. */
  isConnected?: (worker: string) => boolean;
}>;

/** A limit board in memory. */
export type MemoryLimitBoard =
  & LimitBoard
  & Readonly<{
    /** Makes the board forget everything, as a database loses its temporary data in a crash. */
    crash: () => void;
    /** The state, for tests. */
    state: () => BoardState;
  }>;

/** Makes an empty limit board in memory. */
export function memoryLimitBoard({ now, isConnected = () => false }: MemoryBoardOptions): MemoryLimitBoard {
  let board = EMPTY_BOARD;
  const workers = new Map<string, WorkerState>();
  const listeners = new Set<() => void>();
  return {
    exchange: (report) =>
      Promise.try(() => {
        const nowMs = Math.max(now(), board.nowMs);
        const all = [...workers.values()];
        const exchanged = exchange(
          {
            board,
            own: workers.get(report.worker) ?? null,
            silent: all.filter((state) => isSilent(state, nowMs))
              .map((state) => ({ state, isConnected: isConnected(state.worker) })),
            all: isDivisionDue(board, nowMs) ? all : null,
          },
          report,
          nowMs,
        );
        if (exchanged === null) {
          throw new StoreError(
            `Cannot exchange report ${report.nth} of "${report.worker}": a later report came first`,
          );
        }
        ({ board } = exchanged);
        for (const worker of exchanged.gone) workers.delete(worker);
        workers.set(report.worker, exchanged.own);
        if (exchanged.hasNews) { for (const listener of [...listeners]) listener(); }
        return exchanged.share;
      }),
    leave: (worker) =>
      Promise.try(() => {
        const state = workers.get(worker);
        if (state === undefined) return;
        workers.delete(worker);
        board = without(board, state);
      }),
    onPause(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => Promise.resolve(),
    crash() {
      board = boardAfterLoss(now());
      workers.clear();
    },
    state: () => board,
  };
}
