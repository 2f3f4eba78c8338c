/** Memory-bounded counting: a histogram of latencies whose size does not depend on the number of operations. */

const growth = 1.02;
const smallestMs = 0.05;
const binCount = 1024;
const step = Math.log(growth);

/** Quantiles within 1 % of the true value, from 0.05 ms to eight hours. Values below or above land in the outermost bins. */
export interface Histogram {
  add(row: number, ms: number): void;
  /** null for an empty row. */
  quantile(row: number, q: number): number | null;
}

/** `rows` histograms in one array. */
export function histograms(rows: number): Histogram {
  const bins = new Uint32Array(rows * binCount);
  const totals = new Uint32Array(rows);
  return {
    add(row, ms) {
      const bin = ms <= smallestMs ? 0 : Math.min(binCount - 1, 1 + Math.floor(Math.log(ms / smallestMs) / step));
      const at = row * binCount + bin;
      bins[at] = (bins[at] ?? 0) + 1;
      totals[row] = (totals[row] ?? 0) + 1;
    },
    quantile(row, q) {
      const total = totals[row] ?? 0;
      if (total === 0) return null;
      let left = Math.max(1, Math.ceil(q * total));
      for (let bin = 0; bin < binCount; bin++) {
        left -= bins[row * binCount + bin] ?? 0;
        if (left <= 0) return bin === 0 ? smallestMs : smallestMs * growth ** (bin - 0.5);
      }
      return null;
    },
  };
}

const widthsMs = [100, 200, 250, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000];

/** The width of a bucket: a round number, at most `most` buckets, and about 25 operations in each where the record allows (fewer make ratios jump). */
export function bucketWidthMs(lengthMs: number, operations: number, most: number): number {
  const wanted = Math.max(1, Math.min(most, Math.max(60, operations / 25)));
  const width = widthsMs.find((one) => lengthMs / one <= wanted);
  return width ?? Math.ceil(lengthMs / most / 3_600_000) * 3_600_000;
}
