/** A queue as it happens, request by request: what the approximations are held against. */
import type { Random } from "../../core/random.ts";
import { normal } from "./normal.ts";

export interface Simulated {
  readonly servers: number;
  /** Draws the time to the next arrival (s). */
  readonly interarrival: () => number;
  /** Draws a service time (s). */
  readonly service: () => number;
  readonly requests: number;
}

/** Response times (s) and waits (s) of requests that are taken in order by whoever is free first (Kiefer and Wolfowitz 1955), without the first tenth. */
export function simulateQueue({ servers, interarrival, service, requests }: Simulated): { readonly responses: number[]; readonly waits: number[] } {
  const freeAt = new Float64Array(servers);
  const [responses, waits]: [number[], number[]] = [[], []];
  let now = 0;
  for (let i = 0; i < requests; i++) {
    now += interarrival();
    let first = 0;
    for (let server = 1; server < servers; server++) if ((freeAt[server] as number) < (freeAt[first] as number)) first = server;
    const start = Math.max(now, freeAt[first] as number);
    const end = start + service();
    freeAt[first] = end;
    if (i * 10 < requests) continue;
    responses.push(end - now);
    waits.push(start - now);
  }
  return { responses, waits };
}

/** Draws from the gamma distribution of this mean and coefficient of variation (Marsaglia and Tsang 2000); 0: the mean itself. */
export function gamma(mean: number, cv: number, random: Random): () => number {
  if (cv === 0) return () => mean;
  const shape = 1 / cv ** 2;
  const d = (shape < 1 ? shape + 1 : shape) - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  const draw = (): number => {
    for (;;) {
      const x = normal(random);
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - random.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  const boost = (): number => (shape < 1 ? (1 - random.next()) ** (1 / shape) : 1);
  return () => (mean / shape) * draw() * boost();
}

/** Draws from the lognormal distribution of this mean and coefficient of variation. */
export function lognormal(mean: number, cv: number, random: Random): () => number {
  const variance = Math.log(1 + cv ** 2);
  return () => mean * Math.exp(Math.sqrt(variance) * normal(random) - variance / 2);
}
