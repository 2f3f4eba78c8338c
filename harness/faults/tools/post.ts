/** A request that takes its time: posted, and waited for with patience. */
import { request } from "node:http";

export interface Posted {
  /** 0: the answer was cut off, or never came. */
  readonly status: number;
  readonly tookMs: number;
}

/** Never throws. `body` is JSON. Not by `fetch`, which gives up by itself after five minutes without a byte. */
export async function post(url: string, body: string, withinMs: number): Promise<Posted> {
  const since = performance.now();
  const status = await new Promise<number>((resolve) => {
    const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) };
    const asked = request(url, { method: "POST", headers, agent: false, signal: AbortSignal.timeout(withinMs) }, (answer) => {
      answer.resume().on("close", () => resolve(answer.complete ? (answer.statusCode ?? 0) : 0));
      answer.on("error", () => resolve(0));
    });
    asked.on("error", () => resolve(0));
    asked.end(body);
  });
  return { status, tookMs: performance.now() - since };
}
