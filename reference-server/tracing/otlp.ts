/** Spans sent to a collector by OTLP over HTTP. Loaded only when one is named: otherwise nothing of it is paid for. */
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, RandomIdGenerator, TracerProvider } from "@opentelemetry/sdk-trace";
import { settledWithin } from "../clock.ts";
import type { TraceContext } from "./trace-context.ts";
import type { Tracing } from "./tracing.ts";

/** A collector that does not answer within this costs a batch and nothing else (ms). */
const exportTimeoutMs = 2000;
const closingMs = 1000;
/** Spans kept for the collector; more are dropped. */
const queueLimit = 2048;

interface CollectorOptions {
  /** Where traces are posted. Headers come from OTEL_EXPORTER_OTLP_HEADERS, as the standard says. */
  readonly url: string;
  readonly serviceName: string;
  readonly instanceId: string;
}

/** Opens the export. A dead collector is never noticed by a caller; spans are then lost. */
export function openCollector({ url, serviceName, instanceId }: CollectorOptions): Tracing {
  const ids = new RandomIdGenerator();
  let rootTraceId: string | undefined;
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": serviceName, "service.instance.id": instanceId }),
    // A trace that begins here takes the id that its request already has.
    idGenerator: { generateTraceId: () => rootTraceId ?? ids.generateTraceId(), generateSpanId: () => ids.generateSpanId() },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url, timeoutMillis: exportTimeoutMs }),
        maxQueueSize: queueLimit,
        scheduledDelayMillis: 1000,
        exportTimeoutMillis: exportTimeoutMs,
      }),
    ],
  });
  const tracer = provider.getTracer("reference-server");
  const kinds = { server: SpanKind.SERVER, consumer: SpanKind.CONSUMER };
  const parentContext = ({ traceId, spanId, sampled }: TraceContext) =>
    trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: sampled ? 1 : 0, isRemote: true });
  return {
    start({ name, kind, parent, traceId }) {
      rootTraceId = traceId;
      const span = tracer.startSpan(name, { kind: kinds[kind] }, parent ? parentContext(parent) : ROOT_CONTEXT);
      rootTraceId = undefined;
      const own = span.spanContext();
      return {
        context: { traceId: own.traceId, spanId: own.spanId, sampled: (own.traceFlags & 1) === 1 },
        end(failed, attributes) {
          span.setAttributes(attributes);
          if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await settledWithin(provider.shutdown(), closingMs);
    },
  };
}
