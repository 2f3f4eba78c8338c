/** Clients of event streams beside a window's load, and how soon they see the first event of a run. */
import { join } from "node:path";
import { openJournal } from "../../base/journal.ts";
import type { CompleteLine, HistoryLine, InvokeLine } from "../../core/history.ts";
import { pairOperations } from "../../core/pair.ts";
import { seeded } from "../../core/random.ts";
import { quantile } from "../../core/stats.ts";
import { startStreams } from "../../run/stream-clients.ts";
import type { Deployment } from "./deployment.ts";

interface FirstEvents extends AsyncDisposable {
  take(lines: readonly HistoryLine[]): void;
  /** From the answer that told of a run to its first event at a client (95th percentile, ms); NaN: none was seen. `lines`: the load's history. */
  latencyMs(lines: readonly HistoryLine[]): number;
}

/** Follows the runs of every n-th answer to `creates`. The target has to have streams. */
export function followFirstEvents(
  { target, stack, clock }: Deployment,
  options: { readonly creates: string; readonly everyNth: number; readonly seed: number; readonly folder: string },
): FirstEvents {
  const { streams: protocol } = target;
  if (!protocol) throw new Error(`${target.title} was expected to stream events, and its declaration names no streams.`);
  const kept: (InvokeLine | CompleteLine)[] = [];
  const journal = openJournal<InvokeLine | CompleteLine>(join(options.folder, "streams.jsonl"));
  const clients = startStreams({
    ...{ protocol, url: stack.url, clock, random: seeded(options.seed, "streams") },
    clients: { ofCreated: options.creates, everyNth: options.everyNth },
    journal: {
      ...journal,
      write(line) {
        journal.write(line);
        kept.push(line);
      },
    },
  });
  return {
    take: clients.take,
    latencyMs: (lines) => quantile(latencies(kept, lines, options.creates), 0.95),
    async [Symbol.asyncDispose]() {
      await clients[Symbol.asyncDispose]();
      await journal[Symbol.asyncDispose]();
    },
  };
}

function latencies(streamed: readonly (InvokeLine | CompleteLine)[], lines: readonly HistoryLine[], creates: string): readonly number[] {
  const offsetMs = pairOperations(lines).clock?.offsetMs ?? 0;
  const known = new Map<string, number>();
  for (const line of lines) {
    const run = line.type === "ok" && line.f === creates ? (line.value as { readonly run?: unknown } | undefined)?.run : undefined;
    if (typeof run === "string") known.set(run, line.time + offsetMs);
  }
  const first = new Map<string, number>();
  for (const { key, output } of pairOperations(streamed).operations) {
    const event = (output as { readonly events?: readonly { readonly at: number }[] } | null)?.events?.[0];
    if (event) first.set(key, Math.min(first.get(key) ?? Number.POSITIVE_INFINITY, event.at));
  }
  return [...first].flatMap(([run, at]) => (known.has(run) ? [at - (known.get(run) as number)] : []));
}
