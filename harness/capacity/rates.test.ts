import { describe, expect, it } from "vitest";
import { judgeRates } from "./rates.ts";
import type { Rate } from "./result.ts";
import { point } from "./testing/point.ts";

const study = { id: "guide-rates", claim: "AB-5", tolerance: 0.15, timesFaster: 20 };
const rate = (serviceSeconds: number, measuredPerMinute: number, voidBecause = ""): Rate => ({
  ...{ study: "guide-rates", name: "simple", documentedPerMinute: [60, 120], serviceSeconds, measuredPerMinute },
  idealPerMinute: 360 / serviceSeconds,
  point: point({ voidBecause }),
});

describe("rates that a document states", () => {
  it("hold where all places busy make what was measured", () => {
    const claim = judgeRates([rate(3, 115), rate(6, 58)], study);
    expect(claim).toMatchObject({ id: "AB-5", verdict: "holds" });
    expect(claim.summary).toContain("simple at 3 s: 115/min of 60 to 120; simple at 6 s: 58/min of 60 to 120. Times were 20 times shorter");
  });

  it("are violated by too little, and by more than the places that the document counts can do", () => {
    expect(judgeRates([rate(3, 115), rate(6, 40)], study)).toMatchObject({ verdict: "violated" });
    expect(judgeRates([rate(3, 150)], study).summary).toContain("simple at 3 s measured 150/min where all places busy make 120");
  });

  it("are undecided where a window is void, whatever the others say", () => {
    expect(judgeRates([rate(3, 10), rate(6, 58, "other programs took 80 %")], study)).toMatchObject({ verdict: "inconclusive" });
  });
});
