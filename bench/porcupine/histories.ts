/** Histories that are linearizable by construction, or that with one anomaly planted, for both checkers. */
import type { Operation } from "../../harness/core/history.ts";
import { type Random, seeded } from "../../harness/core/random.ts";

export interface Shape {
  readonly object: "register" | "few values" | "key-value" | "lock";
  readonly operations: number;
  readonly clients: number;
  readonly planted: boolean;
}

/** As numbers: six an operation, as main.go reads them. Kinds: read, write, acquire, release. */
type Row = [client: number, key: number, kind: number, value: number, invoked: number, returned: number];

const operationsOfKey = 100;
const fewValues = 5;

export function rowsOf(shape: Shape): Row[] {
  const random = seeded(1, JSON.stringify(shape));
  return ranked(shape.object === "lock" ? lockRows(shape, random) : registerRows(shape, random));
}

/** Clients in a closed loop; each operation acts at some moment while it is open. */
function registerRows({ object, operations, clients, planted }: Shape, random: Random): Row[] {
  const keys = object === "key-value" ? Math.max(10, operations / operationsOfKey) : 1;
  const freeAt = Array.from({ length: clients }, () => random.next() * 1000);
  const acts: { readonly row: Row; readonly at: number }[] = [];
  for (let i = 0; i < operations; i++) {
    const client = freeAt.indexOf(Math.min(...freeAt));
    const invoked = freeAt[client] as number;
    const lasts = 100 - Math.log(1 - random.next()) * 900;
    acts.push({
      row: [client, random.integer(0, keys - 1), random.integer(0, 1), 0, invoked, invoked + lasts],
      at: invoked + random.next() * lasts,
    });
    freeAt[client] = invoked + lasts + 1 + random.next() * 100;
  }
  const values = new Map<number, number>();
  const writes = new Map<number, Row[]>();
  let written = 0;
  for (const { row } of acts.toSorted((a, b) => a.at - b.at)) {
    if (row[2] === 0) {
      row[3] = values.get(row[1]) ?? 0;
      continue;
    }
    row[3] = object === "few values" ? 1 + (written++ % fewValues) : ++written;
    values.set(row[1], row[3]);
    writes.set(row[1], [...(writes.get(row[1]) ?? []).slice(-3 * clients), row]);
  }
  const rows = acts.map(({ row }) => row);
  if (planted) plantWrongRead(rows, object, Math.floor(operations * 0.9));
  return rows;
}

/** A read answers what was overwritten before it began; where values repeat that may be right, so there it answers what nobody wrote. */
function plantWrongRead(rows: readonly Row[], object: Shape["object"], from: number): void {
  for (const read of rows.slice(from)) {
    if (read[2] !== 0) continue;
    const earlier = rows.filter((row) => row[2] === 1 && row[1] === read[1] && row[5] < read[4]);
    const last = earlier.at(-1);
    const stale = last && earlier.findLast((row) => row[5] < last[4]);
    if (stale === undefined) continue;
    read[3] = object === "few values" ? fewValues + 1 : stale[3];
    return;
  }
}

/** All wait for one lock; anyone of those that wait gets it. Planted: one is told that it has it while it still waits. */
function lockRows({ operations, clients, planted }: Shape, random: Random): Row[] {
  const freeAt = Array.from({ length: clients }, () => random.next() * 100);
  const rows: Row[] = [];
  let time = 100;
  for (let i = 0; i < operations / 2; i++) {
    const waiting = freeAt.flatMap((at, client) => (at <= time ? [client] : []));
    const client = waiting.length > 0 ? random.pick(waiting) : freeAt.indexOf(Math.min(...freeAt));
    const invoked = freeAt[client] as number;
    const got = Math.max(time, invoked) + 1;
    const left = got + 10 + random.next() * 10;
    rows.push([client, 0, 2, 0, invoked, got + 1], [client, 0, 3, 0, left, left + 2]);
    time = left + 1;
    freeAt[client] = left + 3 + random.next() * 20;
  }
  const victim = planted && rows.slice(Math.floor(rows.length * 0.9)).find((row) => row[2] === 2 && row[5] - row[4] > 60);
  if (victim) victim[5] = victim[4] + 30;
  return rows;
}

/** Times as ranks, so that they fit into 32 bits and no two are equal. */
function ranked(rows: readonly Row[]): Row[] {
  const events = rows.flatMap((row, i) => [
    { i, time: row[4], place: 4 as const },
    { i, time: row[5], place: 5 as const },
  ]);
  const all = rows.map((row) => [...row] as Row);
  for (const [rank, { i, place }] of events.sort((a, b) => a.time - b.time).entries()) (all[i] as Row)[place] = rank;
  return all;
}

const names = ["read", "write", "acquire", "release"] as const;

export function operationsOf(rows: Int32Array): Operation[] {
  return Array.from({ length: rows.length / 6 }, (_, index) => {
    const [client, key, kind, value, invokedAt, completedAt] = rows.subarray(6 * index, 6 * index + 6) as unknown as Row;
    const f = names[kind] as string;
    const base = { index, process: `${client}`, f, key: `${key}`, intendedAt: invokedAt, invokedAt, completedAt, answeredAt: completedAt };
    return { ...base, input: kind === 1 ? value : null, output: kind < 2 ? value : null, outcome: "ok", served: "yes", error: "", by: "" };
  });
}
