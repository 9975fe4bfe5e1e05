/** The version of this program. A test checks that `deno.json` has the same version. */
export const VERSION = "0.1.0";
