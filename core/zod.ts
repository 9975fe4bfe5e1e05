/**
 * The library of schemas. Every source file takes it from here: at each start, Deno looks a package up again for every
 * file that imports it, about a millisecond each.
 */
export { z } from "zod";
