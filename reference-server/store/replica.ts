/**
 * Reads from a server that follows the primary and is near: of what it has replayed, and of the primary whatever it lacks. Where a reader has got to is a position in
 * the primary's log. It names the timeline too: the log of a primary that was replaced may go on to a higher place and lead elsewhere.
 */
import type { Logger } from "pino";
import { monotonicMs } from "../clock.ts";
import { type Database, openDatabase, type Row } from "./postgres.ts";

/** A replica that takes longer is as good as none (ms). */
const answersWithinMs = 1000;

/** A place in the log (WAL) on a timeline, as clients keep it: `3-0/16B3748`. */
export const positionPattern = "^[0-9]{1,10}-[0-9A-F]{1,8}/[0-9A-F]{1,8}$";
/** Of a reader who has seen nothing. */
export const nowhere = "0-0/0";
/** Of a reader who has seen nobody knows how much: no replica has got there. */
const unknown = "0-FFFFFFFF/FFFFFFFF";

interface Position {
  readonly timeline: number;
  readonly place: bigint;
}

function parse(position: string): Position {
  const [timeline = "", high = "", low = ""] = position.split(/[-/]/);
  return { timeline: Number(timeline), place: (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`) };
}

/** Whether a server that has replayed up to `own` has all that a reader at `seen` has seen. */
export function reaches(own: string, seen: string): boolean {
  if (seen === nowhere) return true;
  const [has, wants] = [parse(own), parse(seen)];
  return has.timeline === wants.timeline && has.place >= wants.place;
}

export interface NearRead<R> {
  readonly rows: R[];
  readonly from: "replica" | "primary";
  /** Where the reader has got to with this. */
  readonly position: string;
}

export interface Replica extends AsyncDisposable {
  /** Answers with what is committed and replayed, and never with less than a reader at `seen` has seen. Throws as `Database.query` does. */
  read<R extends Row>(sql: string, values: readonly unknown[], seen: string): Promise<NearRead<R>>;
  /** Where the primary has got to: at all that this instance was told of so far, or beyond. Never rejects. */
  position(): Promise<string>;
}

interface ReplicaOptions {
  /** Of one server, not of something that leads to several; undefined: there is none, and the primary answers. */
  readonly url: string | undefined;
  readonly db: Database;
  readonly instanceId: string;
  readonly poolSize: number;
  readonly poolTimeoutMs: number;
  readonly log: Logger;
}

/** One row: which life of the replica answers, whom it follows (null: nobody), and how far it has come. */
const stateSql = `select pg_postmaster_start_time()::text as life, (select received_tli from pg_stat_wal_receiver) as timeline,
  case when pg_is_in_recovery() then pg_last_wal_replay_lsn()::text end as place`;
// Once everything this instance was told of is committed, its end is before the place where the next record goes.
const primarySql = "select pg_walfile_name(at) as file, at::text as place from (select pg_current_wal_insert_lsn() as at) as now";

/** Connects to the replica with the first read. What it cannot or may not answer is asked of `db`. */
export function openReplica({ url, db, ...options }: ReplicaOptions): Replica {
  const replica = url === undefined ? undefined : openDatabase({ ...options, url, outageBudgetMs: answersWithinMs });

  const position = async (): Promise<string> => {
    try {
      const [now] = await db.once<{ file: string; place: string }>(primarySql, [], answersWithinMs);
      return now ? `${Number.parseInt(now.file.slice(0, 8), 16)}-${now.place}` : unknown;
    } catch {
      return unknown;
    }
  };
  const state = async (server: Database): Promise<{ readonly life: string; readonly position: string } | undefined> => {
    const [now] = await server.query<{ life: string; timeline: number | null; place: string | null }>(stateSql, []);
    // What follows nobody may have stood still for days, or have become a primary itself.
    if (!now || now.timeline === null || now.place === null) return undefined;
    return { life: `${now.timeline} ${now.life}`, position: `${now.timeline}-${now.place}` };
  };
  const near = async <R extends Row>(server: Database, sql: string, values: readonly unknown[], seen: string): Promise<NearRead<R> | undefined> => {
    // Asked before, and not by the same statement: that one sees what was committed when it began, which may be before what it then tells of itself.
    const before = await state(server);
    if (!before || !reaches(before.position, seen)) return undefined;
    const rows = await server.query<R>(sql, values);
    // And after it: it may have seen what was replayed meanwhile. A replica that began anew meanwhile may have gone back.
    const after = await state(server);
    return after && after.life === before.life ? { rows, from: "replica", position: after.position } : undefined;
  };

  return {
    position,
    async read<R extends Row>(sql: string, values: readonly unknown[], seen: string) {
      if (replica) {
        const startedMs = monotonicMs();
        const read = await near<R>(replica, sql, values, seen).catch((error) => {
          options.log.info({ reason: error.message, afterMs: Math.round(monotonicMs() - startedMs) }, "a replica could not answer");
          return undefined;
        });
        if (read) return read;
      }
      const rows = await db.query<R>(sql, values);
      return { rows, from: "primary" as const, position: await position() };
    },
    [Symbol.asyncDispose]: async () => replica?.[Symbol.asyncDispose](),
  };
}
