/** A heap with the earliest on top. */
export function heap<T>(timeOf: (one: T) => number) {
  const all: T[] = [];
  const time = (i: number): number => (i < all.length ? timeOf(all[i] as T) : Number.POSITIVE_INFINITY);
  const swap = (a: number, b: number): void => {
    const one = all[a] as T;
    all[a] = all[b] as T;
    all[b] = one;
  };
  return {
    first: (): T | undefined => all[0],
    add(one: T): void {
      all.push(one);
      for (let i = all.length - 1; i > 0 && time((i - 1) >> 1) > time(i); i = (i - 1) >> 1) swap(i, (i - 1) >> 1);
    },
    take(): T | undefined {
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
