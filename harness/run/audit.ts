/** The audit trail inside the target's database: installed before any load, read back at the end, its clock paired with the harness's. */
import type { Client } from "pg";
import { type Clock, sleep } from "../base/clock.ts";
import type { Journal } from "../base/journal.ts";
import type { Beat, ResourceWrite, Transition } from "../core/records.ts";
import type { Target } from "../core/target.ts";
import type { Stack } from "../drivers/stack.ts";
import { type Repeating, repeat } from "./repeat.ts";

/** `offsetMs` + a time of Postgres's wall clock (ms since 1970) is a time of the harness clock, give or take `deltaMs`. */
export interface ClockPair {
  readonly offsetMs: number;
  readonly deltaMs: number;
}

/** Pairs Postgres's clock with the harness's by bracketing: of several round trips the shortest bounds the error best. */
async function pairClock(client: Client, clock: Clock, roundTrips: number): Promise<ClockPair> {
  let best: ClockPair = { offsetMs: 0, deltaMs: Number.POSITIVE_INFINITY };
  for (let i = 0; i < roundTrips; i++) {
    const before = clock.now();
    const { rows } = await client.query("select extract(epoch from clock_timestamp()) * 1000 as now_ms");
    const after = clock.now();
    const deltaMs = (after - before) / 2;
    if (deltaMs < best.deltaMs) best = { offsetMs: (before + after) / 2 - Number(rows[0].now_ms), deltaMs };
  }
  return best;
}

/** One pair for the whole experiment from a pair taken at its start and one at its end: what the clocks drifted apart widens the uncertainty. */
const widest = (start: ClockPair, end: ClockPair): ClockPair => ({
  offsetMs: (start.offsetMs + end.offsetMs) / 2,
  deltaMs: Math.max(start.deltaMs, end.deltaMs) + Math.abs(start.offsetMs - end.offsetMs) / 2,
});

type Row = Readonly<Record<string, unknown>>;

const transitionOf = (row: Row, { offsetMs }: ClockPair): Transition => ({
  seq: Number(row.seq),
  time: Number(row.at_ms) + offsetMs,
  subject: String(row.subject),
  from: row.old_status === null ? null : String(row.old_status),
  to: String(row.new_status),
  attempt: Number(row.attempt),
  handler: String(row.handler),
  by: String(row.by),
});

const writeOf = (row: Row, { offsetMs }: ClockPair): ResourceWrite => ({
  seq: Number(row.seq),
  time: Number(row.at_ms) + offsetMs,
  subject: String(row.subject),
  token: Number(row.token),
  version: Number(row.version),
  by: String(row.by),
});

const roundTrips = 15;

/** Installs the trail; the target's tables must be there, and nothing must have been written yet. Answers the pairing of the clocks at the start. */
export async function installAudit(stack: Stack, target: Target, clock: Clock): Promise<ClockPair> {
  const client = await stack.postgres.connect();
  try {
    await client.query(target.observe.install);
    return await pairClock(client, clock, roundTrips);
  } finally {
    await client.end();
  }
}

/**
 * Copies the trail as it grows, a second behind at most, so that the record of a harness that is killed has one. A row can be committed long after its
 * number was given, so each look begins at the last number below which nothing can come any more: all that were seen by a look whose moment every
 * transaction that still writes is younger than. The beats say up to when the copy is whole.
 */
export function startAuditCopy(options: {
  readonly stack: Stack;
  readonly target: Target;
  readonly clock: Clock;
  readonly start: ClockPair;
  readonly transitions: Journal<Transition | Beat>;
  readonly writes: Journal<ResourceWrite | Beat>;
}): Repeating {
  const { stack, target, clock, start } = options;
  const copies = [copyOf(target.observe.transitions, options.transitions, transitionOf), copyOf(target.observe.writes, options.writes, writeOf)];
  let session: Client | undefined;
  const looking = repeat(1000, async () => {
    if (!stack.postgres.isRunning()) return;
    try {
      session ??= await stack.postgres.connect();
      const { deltaMs } = widest(start, await pairClock(session, clock, 3));
      const { rows } = await session.query(wholeUntil);
      for (const copy of copies) await copy(session, { offsetMs: start.offsetMs, deltaMs }, Number(rows[0].now_ms), Number(rows[0].whole_ms));
    } catch {
      // Postgres went away under the query: the fault record says why. A new connection is made next time.
      await session?.end().catch(() => {});
      session = undefined;
    }
  });
  return {
    assertRunning: looking.assertRunning,
    async [Symbol.asyncDispose]() {
      await looking[Symbol.asyncDispose]();
      await session?.end().catch(() => {});
    },
  };
}

/** A moment before the look, and the same or the begin of the oldest transaction that has written anything then: the next statement sees all that is older. */
const wholeUntil = `select extract(epoch from statement_timestamp()) * 1000 as now_ms,
  extract(epoch from least(min(xact_start), statement_timestamp())) * 1000 as whole_ms
  from pg_stat_activity where backend_type = 'client backend' and backend_xid is not null`;

function copyOf<T extends { readonly seq: number }>(query: string, journal: Journal<T | Beat>, recordOf: (row: Row, pair: ClockPair) => T) {
  const looks: { readonly nowMs: number; readonly last: number }[] = [];
  const written = new Set<number>();
  let from = 0;
  let last = 0;
  return async (client: Client, pair: ClockPair, nowMs: number, wholeMs: number): Promise<void> => {
    looks.push({ nowMs, last });
    const { rows } = await client.query(`select * from (${query}) as trail where seq > $1 order by seq`, [from]);
    for (const row of rows) {
      const record = recordOf(row, pair);
      if (!written.has(record.seq)) journal.write(record);
      written.add(record.seq);
      last = Math.max(last, record.seq);
    }
    journal.write({ type: "beat", time: wholeMs + pair.offsetMs, deltaMs: pair.deltaMs });
    // Whoever had been given a number by then has ended since, and was seen just now.
    for (let look = looks[0]; look !== undefined && look.nowMs < wholeMs; look = looks[0]) {
      from = Math.max(from, look.last);
      looks.shift();
    }
    for (const seq of written) if (seq <= from) written.delete(seq);
  };
}

/** Reads the trail back, on the harness clock. A Postgres that a fault left stopped is started for it: its data is the record. */
export async function readAudit(
  stack: Stack,
  target: Target,
  clock: Clock,
  start: ClockPair,
): Promise<{ readonly transitions: readonly Transition[]; readonly writes: readonly ResourceWrite[]; readonly deltaMs: number }> {
  if (!stack.postgres.isRunning()) await stack.postgres.start();
  const client = await stack.postgres.connect();
  try {
    const pair = widest(start, await pairClock(client, clock, roundTrips));
    const transitions = (await client.query(target.observe.transitions)).rows.map((row) => transitionOf(row, pair));
    const writes = (await client.query(target.observe.writes)).rows.map((row) => writeOf(row, pair));
    return { transitions, writes, deltaMs: pair.deltaMs };
  } finally {
    await client.end();
  }
}

/** True as soon as no run is open; false when some still are after `withinMs`. */
export async function drain(stack: Stack, target: Target, withinMs: number, signal: AbortSignal): Promise<boolean> {
  if (!stack.postgres.isRunning()) return false;
  const client = await stack.postgres.connect();
  try {
    const deadline = performance.now() + withinMs;
    while (performance.now() < deadline) {
      const { rows } = await client.query(target.observe.backlog);
      if (Number(rows[0].open) === 0) return true;
      await sleep(200, signal);
    }
    return false;
  } finally {
    await client.end();
  }
}
