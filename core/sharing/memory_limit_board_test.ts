import { limitBoardCases } from "../ports/limit_board_conformance.ts";
import { memoryLimitBoard } from "./memory_limit_board.ts";

const CASES = limitBoardCases("memoryLimitBoard()", {
  makeHarness: () => {
    let nowMs = 0;
    const board = memoryLimitBoard({ now: () => nowMs });
    return Promise.resolve({
      open: () => Promise.resolve(board),
      pass: (ms) => Promise.resolve(void (nowMs += ms)),
      cleanup: () => Promise.resolve(),
    });
  },
});
for (const each of CASES) Deno.test(each);
