/** A collector of spans (OpenTelemetry's OTLP over HTTP, as JSON) on loopback: which instances had a part in which trace. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

interface Export {
  readonly resourceSpans?: readonly {
    readonly resource?: { readonly attributes?: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[] };
    readonly scopeSpans?: readonly { readonly spans?: readonly { readonly traceId: string }[] }[];
  }[];
}

export interface TraceCollector extends AsyncDisposable {
  readonly url: string;
  /** The instances (`service.instance.id`) that sent spans of a trace. */
  instancesOf(traceId: string): ReadonlySet<string>;
  /** Of how many traces it has spans. */
  traces(): number;
  /** From now on it takes what is sent and answers nothing. */
  fallSilent(): void;
  /** How much was sent to it since. */
  unanswered(): number;
}

export async function startCollector(host: string): Promise<TraceCollector> {
  const traces = new Map<string, Set<string>>();
  const take = (sent: Export): void => {
    for (const { resource, scopeSpans } of sent.resourceSpans ?? []) {
      const instance = resource?.attributes?.find(({ key }) => key === "service.instance.id")?.value.stringValue ?? "";
      for (const { traceId } of (scopeSpans ?? []).flatMap(({ spans }) => spans ?? [])) {
        traces.set(traceId, (traces.get(traceId) ?? new Set()).add(instance));
      }
    }
  };
  let silent = false;
  let unanswered = 0;
  const server = createServer(async (request, response) => {
    let body = "";
    // Whoever sends may give up in the middle.
    try {
      for await (const chunk of request.setEncoding("utf8")) body += chunk;
    } catch {
      return;
    }
    if (silent) {
      unanswered++;
      return;
    }
    try {
      take(JSON.parse(body));
      response.end("{}");
    } catch {
      response.writeHead(400).end();
    }
  });
  server.listen(0, host);
  await once(server, "listening");
  server.unref();
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    instancesOf: (traceId) => traces.get(traceId) ?? new Set(),
    traces: () => traces.size,
    fallSilent() {
      silent = true;
    },
    unanswered: () => unanswered,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
