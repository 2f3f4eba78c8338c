/**
 * The Universal Scalability Law: with N instances the throughput is lambda N / (1 + sigma (N - 1) + kappa N (N - 1)). Lambda is what one instance does, sigma the share
 * that waits for something shared, kappa the cost of keeping instances in agreement. Source: Gunther, "Guerrilla Capacity Planning", 2007.
 */

export interface Law {
  /** Per second. */
  readonly lambda: number;
  readonly sigma: number;
  readonly kappa: number;
}

/** A measured throughput and what a squared error of it weighs. */
export interface Weighted {
  readonly instances: number;
  readonly perSecond: number;
  readonly weight: number;
}

export function throughput({ lambda, sigma, kappa }: Law, instances: number): number {
  return (lambda * instances) / (1 + sigma * (instances - 1) + kappa * instances * (instances - 1));
}

/** Which of lambda, sigma and kappa are free; those that are not are 0. */
type Free = readonly (0 | 1 | 2)[];

/**
 * The law with the least weighted squares, sigma and kappa not below 0: the minimum with both free where that is allowed, else the best with one or both of them 0 (where the minimum
 * lies when it is not inside).
 */
export function fitLaw(sizes: readonly Weighted[]): Law {
  const inside = leastSquares(sizes, [0, 1, 2]);
  if (inside && allowed(inside)) return inside;
  // Without costs there is always a solution.
  let best = leastSquares(sizes, [0]) as Law;
  for (const free of [
    [0, 1],
    [0, 2],
  ] as const) {
    const law = leastSquares(sizes, free);
    if (law && allowed(law) && squares(sizes, law) < squares(sizes, best)) best = law;
  }
  return best;
}

function allowed({ lambda, sigma, kappa }: Law): boolean {
  return lambda > 0 && sigma >= 0 && kappa >= 0;
}

function squares(sizes: readonly Weighted[], law: Law): number {
  let total = 0;
  for (const { instances, perSecond, weight } of sizes) total += weight * (perSecond - throughput(law, instances)) ** 2;
  return total;
}

/** Gauss and Newton, with halved steps, from the solution of the linear form N / X = (1 + sigma (N - 1) + kappa N (N - 1)) / lambda. null: singular. */
function leastSquares(sizes: readonly Weighted[], free: Free): Law | null {
  const linear = solve(sizes, free, ({ instances: n, perSecond, weight }, row) => {
    row[0] = 1;
    row[1] = n - 1;
    row[2] = n * (n - 1);
    // The linear form blows up the noise of small throughputs; this weight undoes it.
    return { left: n / perSecond, weight: weight * ((perSecond * perSecond) / n) ** 2 };
  });
  if (!linear || !(linear[0] > 0)) return null;
  let law: Law = { lambda: 1 / linear[0], sigma: linear[1] / linear[0], kappa: linear[2] / linear[0] };
  let error = squares(sizes, law);
  for (let round = 0; round < 60; round++) {
    const { lambda, sigma, kappa } = law;
    const step = solve(sizes, free, ({ instances: n, perSecond, weight }, row) => {
      const below = 1 + sigma * (n - 1) + kappa * n * (n - 1);
      row[0] = n / below;
      row[1] = (-lambda * n * (n - 1)) / below ** 2;
      row[2] = n * row[1];
      return { left: perSecond - (lambda * n) / below, weight };
    });
    if (!step) return law;
    let share = 1;
    let next = moved(law, step, share);
    while (!(squares(sizes, next) <= error) && share > 1e-6) {
      share /= 2;
      next = moved(law, step, share);
    }
    const better = squares(sizes, next);
    if (!(better <= error)) return law;
    const settled = error - better <= 1e-12 * error;
    law = next;
    error = better;
    if (settled) return law;
  }
  return law;
}

type Three = [number, number, number];

function moved({ lambda, sigma, kappa }: Law, step: Three, share: number): Law {
  return { lambda: lambda + share * step[0], sigma: sigma + share * step[1], kappa: kappa + share * step[2] };
}

/** Weighted linear least squares in the free columns by the normal equations, columns brought to one scale. The others' results are 0; null: singular. */
function solve(
  sizes: readonly Weighted[],
  free: Free,
  fill: (size: Weighted, row: Three) => { readonly left: number; readonly weight: number },
): Three | null {
  const width = free.length;
  const matrix = free.map(() => new Array<number>(width + 1).fill(0));
  const row: Three = [0, 0, 0];
  for (const size of sizes) {
    const { left, weight } = fill(size, row);
    for (const [a, line] of matrix.entries()) {
      const own = weight * row[free[a] as 0 | 1 | 2];
      for (let b = 0; b < width; b++) line[b] = (line[b] as number) + own * row[free[b] as 0 | 1 | 2];
      line[width] = (line[width] as number) + own * left;
    }
  }
  const scales = matrix.map((line, a) => Math.sqrt(line[a] as number));
  if (scales.some((scale) => !(scale > 0 && Number.isFinite(scale)))) return null;
  const found = eliminate(matrix.map((line, a) => line.map((value, b) => value / (scales[a] as number) / (scales[b] ?? 1))));
  if (!found) return null;
  const all: Three = [0, 0, 0];
  for (const [a, column] of free.entries()) all[column] = (found[a] as number) / (scales[a] as number);
  return all;
}

/** Gauss and Jordan on a positive matrix, which needs no pivots; its right-hand side is the last column. It is used up. */
function eliminate(matrix: readonly number[][]): number[] | null {
  for (const [column, top] of matrix.entries()) {
    const pivot = top[column] as number;
    if (!(pivot > 1e-12)) return null;
    for (const line of matrix) {
      if (line === top) continue;
      const factor = (line[column] as number) / pivot;
      for (let i = column; i < line.length; i++) line[i] = (line[i] as number) - factor * (top[i] as number);
    }
  }
  return matrix.map((line, i) => (line[matrix.length] as number) / (line[i] as number));
}
