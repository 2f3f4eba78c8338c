/** The audit trail inside the target's database: installed before any load, read back at the end, its clock paired with the harness's. */
import type { Client } from "pg";
import { type Clock, sleep } from "../base/clock.ts";
import type { ResourceWrite, Transition } from "../core/records.ts";
import type { Target } from "../core/target.ts";
import type { Stack } from "../drivers/stack.ts";

/** `offsetMs` + a time of Postgres's wall clock (ms since 1970) is a time of the harness clock, give or take `deltaMs`. */
export interface ClockPair {
  readonly offsetMs: number;
  readonly deltaMs: number;
}

/** Pairs Postgres's clock with the harness's by bracketing: of several round trips the shortest bounds the error best. */
async function pairClock(client: Client, clock: Clock): Promise<ClockPair> {
  let best: ClockPair = { offsetMs: 0, deltaMs: Number.POSITIVE_INFINITY };
  for (let i = 0; i < 15; i++) {
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

async function readTransitions(client: Client, target: Target, pair: ClockPair): Promise<Transition[]> {
  const { rows } = await client.query(target.observe.transitions);
  return rows.map((row) => ({
    seq: Number(row.seq),
    time: Number(row.at_ms) + pair.offsetMs,
    subject: String(row.subject),
    from: row.old_status === null ? null : String(row.old_status),
    to: String(row.new_status),
    attempt: Number(row.attempt),
    handler: String(row.handler),
    by: String(row.by),
  }));
}

async function readWrites(client: Client, target: Target, pair: ClockPair): Promise<ResourceWrite[]> {
  const { rows } = await client.query(target.observe.writes);
  return rows.map((row) => ({
    seq: Number(row.seq),
    time: Number(row.at_ms) + pair.offsetMs,
    subject: String(row.subject),
    token: Number(row.token),
    version: Number(row.version),
    by: String(row.by),
  }));
}

/** Installs the trail; the target's tables must be there, and nothing must have been written yet. Answers the pairing of the clocks at the start. */
export async function installAudit(stack: Stack, target: Target, clock: Clock): Promise<ClockPair> {
  const client = await stack.postgres.connect();
  try {
    await client.query(target.observe.install);
    return await pairClock(client, clock);
  } finally {
    await client.end();
  }
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
    const pair = widest(start, await pairClock(client, clock));
    const transitions = await readTransitions(client, target, pair);
    return { transitions, writes: await readWrites(client, target, pair), deltaMs: pair.deltaMs };
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
