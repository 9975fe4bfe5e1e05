/**
 * The library of schemas. Every source file imports it from here, because at each start Deno needs about a
 * millisecond for every file that imports a package.
 */
export { z } from "npm:zod@4.6.7";
