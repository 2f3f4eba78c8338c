/** Spans of requests and attempts. Without a collector they are only ids, which logs and runs carry on. */
import type { Config } from "../config.ts";
import { newSpanId, newTraceId, type TraceContext } from "./trace-context.ts";

export interface Span {
  /** For children, here and on other instances. */
  readonly context: TraceContext;
  /** Ends the span, once. `failed`: it is shown as an error. */
  end(failed: boolean, attributes: Readonly<Record<string, string | number>>): void;
}

interface SpanStart {
  readonly name: string;
  readonly kind: "server" | "consumer";
  readonly parent: TraceContext | undefined;
  /** The trace that a span without a parent begins; undefined: a new one. */
  readonly traceId?: string;
}

export interface Tracing extends AsyncDisposable {
  start(span: SpanStart): Span;
}

/** No collector: trace ids are passed on as they come, and nothing is kept. */
const idsOnly: Tracing = {
  start({ parent, traceId }) {
    const context = { traceId: parent?.traceId ?? traceId ?? newTraceId(), spanId: newSpanId(), sampled: parent?.sampled ?? false };
    return { context, end: () => {} };
  },
  [Symbol.asyncDispose]: async () => {},
};

/** Sends spans to the collector that is named, or to none. */
export async function openTracing({ tracesUrl: url, role, instanceId }: Pick<Config, "tracesUrl" | "role" | "instanceId">): Promise<Tracing> {
  if (url === undefined) return idsOnly;
  const { openCollector } = await import("./otlp.ts");
  return openCollector({ url, serviceName: `reference-server ${role}`, instanceId });
}
