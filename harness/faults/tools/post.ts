/** A request that takes its time: posted, and waited for with patience. */
export interface Posted {
  /** 0: the answer was cut off, or never came. */
  readonly status: number;
  readonly tookMs: number;
}

/** Never throws. `body` is JSON. */
export async function post(url: string, body: string, withinMs: number): Promise<Posted> {
  const since = performance.now();
  const signal = AbortSignal.timeout(withinMs);
  const status = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body, signal })
    .then(async (answer) => {
      await answer.text();
      return answer.status;
    })
    .catch(() => 0);
  return { status, tookMs: performance.now() - since };
}
