/** Keeps the schemas of events from compiling code, which the page's policy forbids. It must be imported first. */
import { z } from "../../../../core/zod.ts";

z.config({ jitless: true });
