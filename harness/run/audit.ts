/** The audit trail inside the target's database: installed before any load, read back at the end, its clock paired with the harness's. */
import type { Client } from "pg";
import type { Clock } from "../base/clock.ts";
import type { ResourceWrite, Transition } from "../core/records.ts";
import type { Target } from "../core/target.ts";

/** `offsetMs` + a time of Postgres's wall clock (ms since 1970) is a time of the harness clock, give or take `deltaMs`. */
export interface ClockPair {
  readonly offsetMs: number;
  readonly deltaMs: number;
}

/** Pairs Postgres's clock with the harness's by bracketing: of several round trips the shortest bounds the error best. */
export async function pairClock(client: Client, clock: Clock): Promise<ClockPair> {
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
export const widest = (start: ClockPair, end: ClockPair): ClockPair => ({
  offsetMs: (start.offsetMs + end.offsetMs) / 2,
  deltaMs: Math.max(start.deltaMs, end.deltaMs) + Math.abs(start.offsetMs - end.offsetMs) / 2,
});

export async function readTransitions(client: Client, target: Target, pair: ClockPair): Promise<Transition[]> {
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

export async function readWrites(client: Client, target: Target, pair: ClockPair): Promise<ResourceWrite[]> {
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
