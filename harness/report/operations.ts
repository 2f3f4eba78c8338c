/** The completed operations of a history as columns of numbers: 25 bytes each, so that a million of them are read once and kept. */
import type { Served } from "../core/history.ts";

/** One completed operation; times are ms of one clock. */
export interface Completed {
  readonly intendedAt: number;
  readonly invokedAt: number;
  readonly answeredAt: number;
  readonly served: Served;
  /** Whether its latency is drawn: it is the schedule's operation, not a client's wait for something that takes as long as it takes. */
  readonly timed: boolean;
  /** Its outcome is `info`. */
  readonly unknown: boolean;
}

export interface Columns {
  readonly count: number;
  add(done: Completed): void;
  at(index: number): Completed;
}

const how: readonly Served[] = ["yes", "shed", "error"];
const timedBit = 4;
const unknownBit = 8;

/** An empty table that grows by doubling. */
export function columns(): Columns {
  let size = 4096;
  let times = new Float64Array(size * 3);
  let flags = new Uint8Array(size);
  let count = 0;
  return {
    get count() {
      return count;
    },
    add({ intendedAt, invokedAt, answeredAt, served, timed, unknown }) {
      if (count === size) {
        size *= 2;
        const [more, moreFlags] = [new Float64Array(size * 3), new Uint8Array(size)];
        more.set(times);
        moreFlags.set(flags);
        [times, flags] = [more, moreFlags];
      }
      times[count * 3] = intendedAt;
      times[count * 3 + 1] = invokedAt;
      times[count * 3 + 2] = answeredAt;
      flags[count] = how.indexOf(served) | (timed ? timedBit : 0) | (unknown ? unknownBit : 0);
      count += 1;
    },
    at(index) {
      const flag = flags[index] ?? 0;
      return {
        intendedAt: times[index * 3] ?? 0,
        invokedAt: times[index * 3 + 1] ?? 0,
        answeredAt: times[index * 3 + 2] ?? 0,
        served: how[flag & 3] ?? "error",
        timed: (flag & timedBit) !== 0,
        unknown: (flag & unknownBit) !== 0,
      };
    },
  };
}
