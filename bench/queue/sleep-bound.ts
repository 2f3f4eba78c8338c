/** Runs that only sleep, on 1 to 8 instances: how much of the ideal is left, and what a run costs in CPU. */
import { join } from "node:path";
import pg from "pg";
import reference from "../../chaos/targets/reference/target.ts";
import { startClock } from "../../harness/base/clock.ts";
import { openJournal } from "../../harness/base/journal.ts";
import type { LedgerEntry } from "../../harness/core/records.ts";
import { superuser } from "../../harness/drivers/dependency-clients.ts";
import { defineInstance, type ProcessInstance } from "../../harness/drivers/process/instance.ts";
import { openLedger } from "../../harness/run/ledger.ts";
import { openReference } from "./reference.ts";
import { project, type Services } from "./services.ts";

const runMs = 200;
/** Eight seconds: code is compiled well by then. */
const warmUpRounds = 40;
const perInstance = reference.constants.runsPerInstance;

export interface SleepBound {
  readonly instances: number;
  /** Ideal time over measured time, from the first claim to the last end. */
  readonly share: number;
  readonly cpuMsPerRun: number;
}

/** `checkpoints`: into how many durable steps the sleep is cut; beyond one, the effect ledger is on too. */
export async function sleepBound(
  services: Services,
  { instances, checkpoints, rounds }: { readonly instances: number; readonly checkpoints: number; readonly rounds: number },
): Promise<SleepBound> {
  await using started = new AsyncDisposableStack();
  const { name, url } = await services.newDatabase();
  const { postgres, redis, directory, marker, ports } = services;
  const ledger =
    checkpoints > 1
      ? started.use(openLedger(startClock(), started.use(openJournal<LedgerEntry>(join(directory, `${name}-ledger.jsonl`)))))
      : undefined;
  const count = perInstance * instances * rounds;
  const queue = started.use(await openReference(services, url));
  const running: ProcessInstance[] = [];
  for (let i = 1; i <= instances; i++) {
    const instance = `${name}-${i}`;
    const port = await ports.take();
    const spec = reference.spec({
      instance,
      role: "queue",
      port,
      postgres: { host: "127.0.0.1", port: postgres.port, user: superuser, password: postgres.password, database: name },
      redis: { host: "127.0.0.1", ...redis },
      ledger: ledger ? await ledger.addressFor(instance) : "",
    });
    const logFile = join(directory, `${instance}.log`);
    running.push(
      started.use(
        defineInstance({ name: instance, role: "queue", port, spec, tree: join(project, reference.tree), logFile, marker, target: reference }),
      ),
    );
  }
  await Promise.all(running.map((instance) => instance.start()));
  const cpu = async (): Promise<number> => (await Promise.all(running.map(({ port }) => cpuMs(port)))).reduce((sum, ms) => sum + ms, 0);
  const execute = async (runs: number): Promise<number> => {
    await queue.fill(runs, { steps: checkpoints, step_ms: runMs / checkpoints });
    queue.wake();
    return tookAll(url, runs);
  };
  // What a process does slowly the first time is not what a run costs.
  await execute(perInstance * instances * warmUpRounds);
  const before = await cpu();
  const tookMs = await execute(count);
  const cpuMsPerRun = ((await cpu()) - before) / count;
  return { instances, share: (rounds * runMs) / tookMs, cpuMsPerRun };
}

async function cpuMs(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}${reference.metrics.path}`)).text();
  return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1]) * 1000;
}

/** From the first claim to the last end of `count` runs (ms), by the database's clock. They are gone then. */
async function tookAll(databaseUrl: string, count: number): Promise<number> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    for (const untilMs = performance.now() + 120_000; performance.now() < untilMs; ) {
      const { rows } = await client.query<{ done: number; took_ms: number }>(
        `select count(*) filter (where status = 'success')::int as done,
                (extract(epoch from max(finished_at) - (select min(created_at) from run_events where kind = 'attempt')) * 1000)::float8 as took_ms from runs`,
      );
      const [row] = rows;
      if (row && row.done >= count) {
        await client.query("truncate runs, run_events");
        return row.took_ms;
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  } finally {
    await client.end();
  }
  throw new Error(`Expected ${count} runs to be over within 120 s.`);
}
