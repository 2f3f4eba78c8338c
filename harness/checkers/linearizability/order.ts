/** Positions of the times in their order, equal ones as they stand: a merge sort, since sorting by a function is what a search of few operations would wait for. */
export function orderOf(times: Float64Array): Int32Array {
  let from = new Int32Array(times.length);
  let to = new Int32Array(times.length);
  for (let i = 0; i < times.length; i++) from[i] = i;
  const at = (i: number): number => times[from[i] as number] as number;
  for (let width = 1; width < times.length; width *= 2) {
    for (let left = 0; left < times.length; left += 2 * width) {
      const middle = Math.min(left + width, times.length);
      const end = Math.min(left + 2 * width, times.length);
      if (middle === end || at(middle - 1) <= at(middle)) {
        to.set(from.subarray(left, end), left);
        continue;
      }
      for (let a = left, b = middle, i = left; i < end; i++) to[i] = from[b === end || (a < middle && at(a) <= at(b)) ? a++ : b++] as number;
    }
    [from, to] = [to, from];
  }
  return from;
}
