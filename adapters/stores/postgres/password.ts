/** Finds the password for a database, as the programs of PostgreSQL do: in a variable, or in a file. */
import type { Database } from "./address.ts";

/**
 * The password for a database; an empty text if there is none.
 *
 * @returns A function, so that the driver asks for it only when it connects.
 */
export function passwordOf({ host, port, database, user }: Database): () => Promise<string> {
  return async () => {
    const given = variable("PGPASSWORD");
    if (given !== null) return given;
    const where = {
      host: host ?? variable("PGHOST") ?? "localhost",
      port: port ?? Number(variable("PGPORT") ?? 5432),
      database,
      user: user ?? variable("PGUSER") ?? variable("USER") ?? "",
    };
    try {
      const { default: passwordIn } = await import("npm:pgpass@1.0.5");
      return await new Promise((resolve) => passwordIn(where, (found?: string) => resolve(found ?? "")));
    } catch (error) {
      // A process that may not read the file has no password, as if there were no file.
      if (error instanceof Deno.errors.NotCapable) return "";
      throw error;
    }
  };
}

/** A variable; `null` if it is not set, or this process may not read it. */
function variable(name: string): string | null {
  try {
    return Deno.env.get(name) || null;
  } catch {
    return null;
  }
}
