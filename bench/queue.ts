/**
 * The server's queue against its peers, in one run on one Postgres with default durability. Everybody works ten at a time, with ten connections to accept and ten to
 * work, and is set up as their documentation says (bench/peers). The machine is somebody's, busy or not: only ratios count, so each question is
 * put to all in turn, several times over, and the median of each is compared.
 */
import { join } from "node:path";
import { idleInstances } from "./queue/idle.ts";
import { concurrency, measure } from "./queue/measurements.ts";
import { drainWithPgbench } from "./queue/pgbench.ts";
import { referenceAdapter } from "./queue/reference.ts";
import { installPeers, peers, type Services, startServices } from "./queue/services.ts";
import { type SleepBound, sleepBound } from "./queue/sleep-bound.ts";

const adapters = {
  server: referenceAdapter,
  graphile: join(peers, "graphile-worker.mjs"),
  graphileBatching: join(peers, "graphile-worker-batching.mjs"),
  pgBoss: join(peers, "pg-boss.mjs"),
  dbos: join(peers, "dbos.mjs"),
};
type Name = keyof typeof adapters;

const rounds = 3;
/** Enough to go on for seconds: what a process does slowly the first time is not what a job costs. */
const runs = 8000;
const lone = 50;

/** A ratio and what it should be. */
interface Ratio {
  readonly what: string;
  readonly value: number;
  readonly wanted: string;
  readonly met: boolean;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** The median of each over the rounds; within a round they come one after another, so that a slow minute hits all. */
async function medians<K extends string>(ask: Readonly<Record<K, () => Promise<number>>>): Promise<Record<K, number>> {
  const got = new Map<K, number[]>();
  for (let round = 0; round < rounds; round++) {
    for (const name of Object.keys(ask) as K[]) got.set(name, [...(got.get(name) ?? []), await ask[name]()]);
  }
  return Object.fromEntries([...got].map(([name, values]) => [name, median(values)])) as Record<K, number>;
}

const atLeast = (what: string, value: number, wanted: number): Ratio => ({ what, value, wanted: `>= ${wanted}`, met: value >= wanted });
const atMost = (what: string, value: number, wanted: number): Ratio => ({ what, value, wanted: `<= ${wanted}`, met: value <= wanted });

/** A comparison that was not promised: what a reader has to know beside one that was. */
const told = (what: string, value: number): Ratio => ({ what, value, wanted: "-", met: true });

async function drains(services: Services): Promise<Ratio[]> {
  const of = (name: Name) => async () => (await measure(services, adapters[name], "drain", runs)).perSecond;
  const pgbench = async (): Promise<number> => (await drainWithPgbench(services, { count: runs, concurrency })) ?? Number.NaN;
  const { server, graphile, batching, dbos, c } = await medians({
    server: of("server"),
    graphile: of("graphile"),
    batching: of("graphileBatching"),
    dbos: of("dbos"),
    c: pgbench,
  });
  const against = "no-op runs drained, each fenced singly, those that end at one moment completed in one statement, against";
  return [
    atLeast(`${against} graphile-worker's default (which completes singly)`, server / graphile, 2),
    told(`${against} graphile-worker with a local queue and completion in batches`, server / batching),
    atLeast(`${against} DBOS`, server / dbos, 4),
    atLeast(`${against} pgbench with the same statements (an aim)`, server / c, 0.9),
  ];
}

async function flows(services: Services): Promise<Ratio[]> {
  const of = (name: Name) => async () => (await measure(services, adapters[name], "flow", runs)).perSecond;
  const { server, graphile, pgBoss } = await medians({ server: of("server"), graphile: of("graphile"), pgBoss: of("pgBoss") });
  return [
    atLeast("enqueue with wake-up, to the end of the last run, against pg-boss tuned (it completes in batches)", server / pgBoss, 1.3),
    atLeast("enqueue with wake-up, to the end of the last run, against graphile-worker", server / graphile, 2),
  ];
}

async function pickups(services: Services): Promise<Ratio[]> {
  const of = (name: Name) => async () => (await measure(services, adapters[name], "pickup", lone)).p50Ms;
  const { server, graphile } = await medians({ server: of("server"), graphile: of("graphile") });
  return [atMost("pick-up of a lone run (p50), against graphile-worker", server / graphile, 0.85)];
}

async function sleeps(services: Services): Promise<Ratio[]> {
  const kinds = [
    { checkpoints: 1, wanted: 0.95, what: "bare" },
    { checkpoints: 5, wanted: 0.9, what: "with five checkpoints and the ledger" },
  ];
  const ratios: Ratio[] = [];
  for (const { checkpoints, wanted, what } of kinds) {
    const measured: SleepBound[] = [];
    for (const instances of [1, 2, 4, 8]) measured.push(await sleepBound(services, { instances, checkpoints, rounds: 15 }));
    for (const { instances, share } of measured)
      ratios.push(atLeast(`sleep-bound runs ${what}, ${instances} instances, share of ideal`, share, wanted));
    if (checkpoints > 1) ratios.push(atMost("CPU of such a run (ms)", Math.max(...measured.map(({ cpuMsPerRun }) => cpuMsPerRun)), 2.5));
  }
  return ratios;
}

async function idles(services: Services): Promise<Ratio[]> {
  return (await idleInstances(services)).map(({ what, percent }) => atMost(`idle CPU of an instance (${what}; % of a processor, 60 s)`, percent, 1));
}

/** Prints one line for each ratio as soon as it is there. Resolves with whether all that was wanted was met. */
async function run(print: (line: string) => void = console.log): Promise<boolean> {
  await installPeers();
  await using services = await startServices();
  let met = true;
  for (const part of [drains, flows, pickups, sleeps, idles]) {
    for (const ratio of await part(services)) {
      print(`${ratio.met ? "ok    " : "MISSED"}  ${ratio.value.toFixed(2).padStart(6)}  ${ratio.wanted.padEnd(7)}  ${ratio.what}`);
      met &&= ratio.met;
    }
  }
  return met;
}

export default { what: "the queue against graphile-worker, pg-boss, DBOS and pgbench; sleep-bound runs on 1 to 8 instances", run };

if (import.meta.main) process.exitCode = (await run()) ? 0 : 1;
