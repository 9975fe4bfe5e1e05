/** The version of this program; equal to the one in `deno.json`, which a test checks. */
export const VERSION = "0.1.0";
