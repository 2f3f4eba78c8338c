/** Keeping an instance out whose settings differ from the others' (HS-10). */
import type { Config } from "../config.ts";
import type { Database, Row } from "../store/postgres.ts";
import { sharedSettings } from "./fingerprint.ts";
import { ConfigError } from "./parse.ts";

interface Recorded extends Row {
  readonly generation: number;
  readonly fingerprint: string;
  readonly settings: Readonly<Record<string, string | number>>;
  readonly recorded_by: string;
}

/** "lockLeaseMs is 3000 there and 4000 here, ...". */
function differences(there: Recorded["settings"], here: Recorded["settings"]): string {
  const names = [...new Set([...Object.keys(there), ...Object.keys(here)])].sort();
  const differing = names.filter((name) => there[name] !== here[name]);
  return differing.map((name) => `${name} is ${there[name] ?? "not there"} there and ${here[name] ?? "not here"} here`).join(", ");
}

/**
 * Compares this instance's settings with the recorded ones, which the first instance of each generation records. A deliberate change is a higher
 * CONFIG_GENERATION: instances of the one before go on until they are replaced, and cannot start again. Throws ConfigError when this one is to be
 * kept out, Unavailable without the database.
 */
export async function admitConfig(db: Database, config: Config): Promise<void> {
  const { fingerprint, settings } = sharedSettings(config);
  const generation = config.configGeneration;
  // Sent twice, it records once: the second send finds its own generation.
  await db.query(
    `insert into shared_config (generation, fingerprint, settings, recorded_by) values ($1, $2, $3, $4)
     on conflict (one) do update
       set generation = $1, fingerprint = $2, settings = $3, recorded_by = $4, recorded_at = clock_timestamp()
       where shared_config.generation < $1`,
    [generation, fingerprint, JSON.stringify(settings), config.instanceId],
  );
  const [recorded] = await db.query<Recorded>("select generation, fingerprint, settings, recorded_by from shared_config", []);
  if (!recorded) throw new Error("Expected the shared settings that were just recorded, and found none. Somebody deletes them.");
  if (recorded.fingerprint === fingerprint) return;
  throw new ConfigError(
    `This instance's settings differ from those that ${recorded.recorded_by} recorded for all (generation ${recorded.generation}): ` +
      `${differences(recorded.settings, settings)}. Correct them, or start with CONFIG_GENERATION=${recorded.generation + 1} to change them for all.`,
  );
}
