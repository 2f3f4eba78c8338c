/** The chi-square distribution, for tests of goodness of fit (Pearson 1900). Pure, ES2022. */

/**
 * The probability that a chi-square variable with `degrees` degrees of freedom is at least `x`: the regularised upper incomplete gamma function
 * Q(degrees/2, x/2), by its series below the mean and by Legendre's continued fraction above (Abramowitz and Stegun, 6.5.29 and 6.5.31). Relative error
 * below 1e-10 for up to some hundred degrees.
 */
export function chiSquareSurvival(x: number, degrees: number): number {
  if (!(x > 0)) return 1;
  const a = degrees / 2;
  const half = x / 2;
  const weight = Math.exp(a * Math.log(half) - half - logGamma(a));
  return half < a + 1 ? 1 - weight * lowerSeries(a, half) : weight * upperFraction(a, half);
}

/** P(a, x) over its weight. */
function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; term > sum * 1e-16; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/** Q(a, x) over its weight: 1/(x+1-a- 1(1-a)/(x+3-a- 2(2-a)/(x+5-a- ...))), from the innermost term outwards. */
function upperFraction(a: number, x: number): number {
  let below = 0;
  for (let n = 300; n >= 1; n--) below = (n * (n - a)) / (x + 2 * n + 1 - a - below);
  return 1 / (x + 1 - a - below);
}

/** Stirling's series (Abramowitz and Stegun, 6.1.41), moved up by the recurrence to where it is exact to 1e-14. */
function logGamma(z: number): number {
  let shift = 0;
  let x = z;
  for (; x < 12; x++) shift += Math.log(x);
  const r = 1 / (x * x);
  const series = (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r / 1188)))) / x;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

/** Pearson's statistic of counts against equal expectations. 0 for none. */
export function chiSquareOfEqual(counts: readonly number[]): number {
  const expected = counts.reduce((total, count) => total + count, 0) / counts.length;
  return counts.reduce((total, count) => total + (count - expected) ** 2 / expected, 0);
}
