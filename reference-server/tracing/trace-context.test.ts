import { describe, expect, it } from "vitest";
import { newSpanId, newTraceId, readTraceparent, writeTraceparent } from "./trace-context.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const spanId = "00f067aa0ba902b7";

describe("HS-16 trace context", () => {
  it("reads what it writes", () => {
    for (const sampled of [true, false]) {
      const context = { traceId: newTraceId(), spanId: newSpanId(), sampled };
      expect(readTraceparent(writeTraceparent(context))).toEqual(context);
    }
  });

  it("reads a later version with more after the flags", () => {
    expect(readTraceparent(`01-${traceId}-${spanId}-03-more`)).toEqual({ traceId, spanId, sampled: true });
  });

  it.each([
    undefined,
    "",
    `00-${traceId}-${spanId}`,
    `00-${traceId}-${spanId}-01-more`,
    `ff-${traceId}-${spanId}-01`,
    `00-${"0".repeat(32)}-${spanId}-01`,
    `00-${traceId}-${"0".repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${traceId}-${spanId}-01, 00-${traceId}-${spanId}-01`,
  ])("ignores %j", (header) => {
    expect(readTraceparent(header)).toBeUndefined();
  });
});
