/** SHA-256 by the runtime's own implementation. */
import { createHash } from "node:crypto";
import type { Sha256 } from "../../core/ports/mod.ts";

/** About four times as fast as the portable one on prompts. */
export const nativeSha256: Sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
