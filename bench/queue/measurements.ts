/** Starts measure.ts for one queue and one question. */
import { join } from "node:path";
import { run } from "../../harness/provision/exec.ts";
import type { Figures } from "./measure.ts";
import { project, type Services } from "./services.ts";

/** Handlers at a time, connections of a pool, producers: the same for everybody. */
export const concurrency = 10;

/** Rejects with the end of what the process wrote when it has no figures. */
export async function measure(
  services: Services,
  adapter: string,
  command: "drain" | "flow" | "pickup",
  count: number,
  databaseUrl?: string,
): Promise<Required<Figures>> {
  const url = databaseUrl ?? (await services.newDatabase()).url;
  const ran = await run(process.execPath, [join(project, "bench", "queue", "measure.ts"), adapter, command, String(count)], {
    deadlineMs: 150_000,
    env: { DATABASE_URL: url, REDIS_URL: services.redisUrl, CONCURRENCY: String(concurrency), NODE_ENV: "production" },
  });
  const line = ran.stdout.split("\n").findLast((one) => one.startsWith("{"));
  if (ran.status !== 0 || line === undefined) throw new Error(`${adapter} was expected to print its figures for ${command}: ${ran.why}`);
  return JSON.parse(line) as Required<Figures>;
}
