import { describe, expect, it } from "vitest";
import { createLimiter } from "./limiter.ts";

const never = new AbortController().signal;

describe("limiter", () => {
  it("lets in so many, keeps the order, and refuses what the line has no room for", async () => {
    const limiter = createLimiter(2, 3, "tests");
    const first = await limiter.enter(never);
    const second = await limiter.enter(never);
    const order: number[] = [];
    const waiting = [1, 2, 3].map(async (n) => {
      const turn = await limiter.enter(never);
      order.push(n);
      return turn;
    });
    await expect(limiter.enter(never)).rejects.toMatchObject({
      status: 503,
      retryAfterSeconds: 1,
      message: expect.stringContaining("As many tests are"),
    });
    expect(limiter.gauges()).toEqual({ inside: 2, waiting: 3 });
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    (await waiting[0])?.[Symbol.dispose]();
    second[Symbol.dispose]();
    for (const turn of waiting.slice(1)) (await turn)[Symbol.dispose]();
    expect(order).toEqual([1, 2, 3]);
    expect(limiter.gauges()).toEqual({ inside: 0, waiting: 0 });
  });

  it("gives nobody's turn to who has left the line", async () => {
    const limiter = createLimiter(1, 3, "tests");
    const first = await limiter.enter(never);
    const impatient = new AbortController();
    const left = limiter.enter(impatient.signal);
    const patient = limiter.enter(never);
    impatient.abort(new Error("gone"));
    await expect(left).rejects.toThrow("gone");
    first[Symbol.dispose]();
    (await patient)[Symbol.dispose]();
    expect(limiter.gauges()).toEqual({ inside: 0, waiting: 0 });
    await expect(limiter.enter(impatient.signal)).rejects.toThrow("gone");
  });
});
