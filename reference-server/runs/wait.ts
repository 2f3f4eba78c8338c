/** Waiting for the end of a run on any instance. */
import { monotonicMs } from "../clock.ts";
import type { Database } from "../store/postgres.ts";
import type { Watch } from "../store/watch.ts";
import { isTerminal, type Run, readRun } from "./run.ts";

interface WaitContext {
  readonly db: Database;
  readonly watch: Watch;
  /** Ends the wait. */
  readonly until: AbortSignal;
}

/** The run when it has ended, or as it is after `timeoutMs` or when the signal fires; undefined if there is none. */
export async function waitForRun({ db, watch, until }: WaitContext, id: string, timeoutMs: number): Promise<Run | undefined> {
  const untilMs = monotonicMs() + timeoutMs;
  using watcher = watch.watch(id);
  for (;;) {
    const run = await readRun(db, id);
    const leftMs = untilMs - monotonicMs();
    if (!run || isTerminal(run.status) || leftMs <= 0 || until.aborted) return run;
    watcher.seenSeq = run.last_seq;
    await watcher.changed(leftMs, until);
  }
}
