import type { Operation } from "../../core/history.ts";

/** Operations, the first to return on top. */
export function heap() {
  const all: Operation[] = [];
  const time = (i: number): number => all[i]?.completedAt ?? Number.POSITIVE_INFINITY;
  const swap = (a: number, b: number): void => {
    [all[a], all[b]] = [all[b] as Operation, all[a] as Operation];
  };
  return {
    first: (): Operation | undefined => all[0],
    add(operation: Operation): void {
      all.push(operation);
      for (let i = all.length - 1; i > 0 && time((i - 1) >> 1) > time(i); i = (i - 1) >> 1) swap(i, (i - 1) >> 1);
    },
    take(): Operation | undefined {
      const first = all[0];
      const last = all.pop();
      if (first === undefined || last === undefined || all.length === 0) return first;
      all[0] = last;
      for (let i = 0; ; ) {
        const child = time(2 * i + 2) < time(2 * i + 1) ? 2 * i + 2 : 2 * i + 1;
        if (child >= all.length || time(child) >= time(i)) return first;
        swap(i, child);
        i = child;
      }
    },
  };
}
