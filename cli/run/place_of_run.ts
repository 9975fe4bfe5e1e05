/** Where a run is kept. */
import { isAddress } from "../../adapters/stores/mod.ts";
import { type Address, addressOfRun, parseAddress } from "../../adapters/stores/postgres/address.ts";
import { UsageError } from "../shared/program.ts";
import type { RunPart } from "../../core/ports/mod.ts";

/** The options that say where a run is kept, and which part of it is run. */
type PlaceOptions = Readonly<{
  store?: string | undefined;
  out?: string | undefined;
  shard?: RunPart | undefined;
  peopleLinks?: string | undefined;
  localServer?: string | undefined;
}>;

/**
 * The place of a run: the one that the user gave, or the run that is resumed; `undefined` for the usual folder.
 *
 * @param asksPeople Whether a model is a person.
 * @throws {UsageError} When the options contradict each other, or an address cannot be used.
 */
export function placeOfRun(
  { store, out, ...others }: PlaceOptions,
  { experiment: { name }, resumes }: Readonly<{ experiment: { name: string }; resumes: string | null }>,
  asksPeople = false,
): string | undefined {
  if (store === undefined) {
    const place = out ?? resumes ?? undefined;
    if (place !== undefined && isAddress(place)) {
      addressIn(place);
      refuseForDatabase(place, others, asksPeople);
    }
    return place;
  }
  // The address is parsed first. Parsing refuses a password without showing it; the messages below show the
  // address.
  const address = isAddress(store) ? addressIn(store) : null;
  if (out !== undefined) {
    throw new UsageError(
      `Cannot keep the run both in "${out}" and in "${store}": give either --out or --store`,
    );
  }
  if (address === null) {
    throw new UsageError(
      `Cannot keep the run in "${store}": it is not the address of a database. Write it as postgres://HOST/DATABASE, or ` +
        "give a folder with --out",
    );
  }
  refuseForDatabase(store, others, asksPeople);
  return address.run === null ? addressOfRun(store, name) : store;
}

function addressIn(place: string): Address {
  try {
    return parseAddress(place);
  } catch (cause) {
    throw cause instanceof RangeError ? new UsageError(cause.message) : cause;
  }
}

function refuseForDatabase(
  place: string,
  { shard, peopleLinks, localServer }: Omit<PlaceOptions, "store" | "out">,
  asksPeople: boolean,
): void {
  if (shard !== undefined) {
    throw new UsageError(
      `Cannot run a part of "${place}": the workers of a run in a database divide it themselves. Leave out --shard`,
    );
  }
  if (peopleLinks !== undefined && !asksPeople) {
    throw new UsageError(
      `Cannot write links of people for "${place}": no model is a person. Leave out --people-links`,
    );
  }
  if (localServer !== undefined) {
    throw new UsageError(
      `Cannot move models of "${place}" to ${localServer}: all workers use the addresses in the experiment file. Leave out ` +
        "--local-server",
    );
  }
}
