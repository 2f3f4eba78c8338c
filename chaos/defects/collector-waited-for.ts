/** Nothing of a trace is lost, and nobody is answered before the collector is. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "collector-waited-for",
  claim: "HS-22",
  what: "An answer leaves when its span has been sent to the collector.",
  edits: [
    {
      file: "app.ts",
      find: `  app.addHook("onSend", async (_request, reply) => {`,
      replace: `  app.addHook("onSend", async (request, reply) => {
    request.span?.end(reply.statusCode >= 500, {});
    await (tracing as Tracing & { flush?(): Promise<void> }).flush?.();`,
    },
    { file: "app.ts", find: `import { newTraceId,`, replace: `import type { Tracing } from "./tracing/tracing.ts";\nimport { newTraceId,` },
    { file: "tracing/otlp.ts", find: `}: CollectorOptions): Tracing {`, replace: `}: CollectorOptions): Tracing & { flush(): Promise<void> } {` },
    // The exporter gives up at once beyond thirty at a time: most answers would wait for nobody.
    {
      file: "tracing/otlp.ts",
      find: `new OTLPTraceExporter({ url, timeoutMillis: exportTimeoutMs })`,
      replace: `new OTLPTraceExporter({ url, timeoutMillis: exportTimeoutMs, concurrencyLimit: 10_000 })`,
    },
    {
      file: "tracing/otlp.ts",
      find: `    async [Symbol.asyncDispose]() {`,
      replace: `    flush: () => provider.forceFlush().catch(() => {}),
    async [Symbol.asyncDispose]() {`,
    },
  ],
  caughtBy: ["follow-a-request"],
} satisfies Defect;
