/** W3C trace context: how one trace id follows a request from the balancer through the api instance to the queue instance. */
import { randomUUID } from "node:crypto";

export interface TraceContext {
  /** 32 hexadecimal digits, not all zero. */
  readonly traceId: string;
  /** 16 hexadecimal digits, not all zero: the span that whoever reads this is a child of. */
  readonly spanId: string;
  readonly sampled: boolean;
}

const form = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/;

/** The context that a `traceparent` carries; undefined if there is none or it is not valid, which the standard says to ignore. */
export function readTraceparent(traceparent: unknown): TraceContext | undefined {
  const match = typeof traceparent === "string" ? form.exec(traceparent) : null;
  if (!match?.[1] || !match[2] || !match[3]) return undefined;
  // Version 00 has nothing after the flags; later ones may.
  if (traceparent !== match[0] && match[0].startsWith("00")) return undefined;
  return { traceId: match[1], spanId: match[2], sampled: (Number.parseInt(match[3], 16) & 1) === 1 };
}

/** The header `traceparent` in version 00 (HS-16). */
export function writeTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`;
}

/** 32 random hexadecimal digits, never all zero. */
export function newTraceId(): string {
  return randomUUID().replaceAll("-", "");
}

/** The version digit of a UUID is never zero, and it is among these 16. */
export function newSpanId(): string {
  return newTraceId().slice(0, 16);
}
