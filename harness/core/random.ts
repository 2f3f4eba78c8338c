/** Seeded randomness (sfc32 over a splitmix-spread seed): the same seed gives the same timeline on every machine and in k6. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [from, to], both ends included. */
  integer(from: number, to: number): number;
  pick<T>(from: readonly T[]): T;
  shuffle<T>(all: readonly T[]): T[];
}

export function seeded(seed: number, stream = ""): Random {
  let spread = seed >>> 0;
  for (let i = 0; i < stream.length; i++) spread = Math.imul(spread ^ stream.charCodeAt(i), 0x01000193) >>> 0;
  const splitmix = (): number => {
    spread = (spread + 0x9e3779b9) >>> 0;
    let z = spread;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
  let a = splitmix();
  let b = splitmix();
  let c = splitmix();
  let counter = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 12; i++) next();
  const integer = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    integer,
    pick(from) {
      const chosen = from[integer(0, from.length - 1)];
      if (chosen === undefined) throw new Error("Random.pick expected a list with at least one element and found an empty one.");
      return chosen;
    },
    shuffle(all) {
      const copy = [...all];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = integer(0, i);
        [copy[i], copy[j]] = [copy[j] as (typeof copy)[number], copy[i] as (typeof copy)[number]];
      }
      return copy;
    },
  };
}
