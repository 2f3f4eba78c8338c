/** Waiting for runs or agents to change: woken by Redis, and by a look at Postgres for everything that is waited for. */
import { sleep } from "../clock.ts";

const pollMs = 500;

interface Watcher extends Disposable {
  /** The number of the latest event the caller knows of. */
  seenSeq: number;
  /** Resolves when what is watched may have changed since the last call, after `withinMs`, or when the signal fires. Never rejects. */
  changed(withinMs: number, signal: AbortSignal): Promise<void>;
}

export interface Watch extends Disposable {
  /** Watches from now on: a change after this call is not missed. */
  watch(id: string): Watcher;
  /** A message said that this one changed ("": any may have). */
  notify(id: string): void;
}

interface Entry {
  seenSeq: number;
  dirty: boolean;
  wake(): void;
}

/** The number of the latest event of each of these ids. */
type Look = (ids: readonly string[]) => Promise<readonly { readonly id: string; readonly last_seq: number }[]>;

/** Starts the look at Postgres: one statement each 500 ms for all that is watched. */
export function startWatch(lookAt: Look): Watch {
  const watched = new Map<string, Set<Entry>>();
  const touch = (entry: Entry): void => {
    entry.dirty = true;
    entry.wake();
  };
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking || watched.size === 0) return;
    looking = true;
    try {
      for (const { id, last_seq } of await lookAt([...watched.keys()])) {
        for (const entry of watched.get(id) ?? []) if (last_seq > entry.seenSeq) touch(entry);
      }
    } catch {
      // The database is away for longer than the budget: each waiting caller finds out with its own statement.
      for (const entries of watched.values()) entries.forEach(touch);
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => void look(), pollMs);
  return {
    watch(id) {
      const entry: Entry = { seenSeq: 0, dirty: false, wake: () => {} };
      const entries = watched.get(id) ?? new Set();
      watched.set(id, entries.add(entry));
      return {
        get seenSeq() {
          return entry.seenSeq;
        },
        set seenSeq(seq) {
          entry.seenSeq = seq;
        },
        async changed(withinMs, signal) {
          if (!entry.dirty && !signal.aborted && withinMs > 0) {
            const over = new AbortController();
            entry.wake = () => over.abort();
            await sleep(withinMs, AbortSignal.any([signal, over.signal])).catch(() => {});
          }
          entry.dirty = false;
        },
        [Symbol.dispose]() {
          entries.delete(entry);
          if (entries.size === 0 && watched.get(id) === entries) watched.delete(id);
        },
      };
    },
    notify(id) {
      if (id !== "") watched.get(id)?.forEach(touch);
      else for (const entries of watched.values()) entries.forEach(touch);
    },
    [Symbol.dispose]() {
      clearInterval(timer);
    },
  };
}
