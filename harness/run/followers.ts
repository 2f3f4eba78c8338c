/** Clients of Node's beside the load, which follow what it makes: of event streams and of WebSockets; and what the store holds of it in the end. */
import type { Clock } from "../base/clock.ts";
import type { Journal } from "../base/journal.ts";
import type { Experiment } from "../core/experiment.ts";
import type { CompleteLine, HistoryLine, InvokeLine } from "../core/history.ts";
import { seeded } from "../core/random.ts";
import type { Beat } from "../core/records.ts";
import type { Target } from "../core/target.ts";
import type { Stack } from "../drivers/stack.ts";
import { startSockets } from "./socket-clients.ts";
import { startStreams } from "./stream-clients.ts";

export interface Followers extends AsyncDisposable {
  /** What the load has recorded since the last call: what to follow is among it. */
  take(lines: readonly HistoryLine[]): void;
  /** The runs or agents that were followed. */
  readonly followed: ReadonlySet<string>;
  /** SQL; $1 is a list of them. One row {subject, id, kind, attempt} for each event, in the order of ids; `of`, where there is such a column, as in `StreamProtocol`. */
  readonly stored: string;
  /** Whether what the store holds once the clients are gone is all that they can have been sent, by its last event's kind. */
  isComplete(lastKind: string | undefined): boolean;
}

/** Those that the experiment wants, as far as the target can be followed. They record in the history's format, on the harness clock. */
export function startFollowers(
  experiment: Experiment,
  target: Target,
  options: { readonly url: string; readonly seed: number; readonly clock: Clock; readonly journal: Journal<InvokeLine | CompleteLine | Beat> },
): readonly Followers[] {
  const { streams, sockets } = experiment;
  const random = (what: string) => seeded(options.seed, `${experiment.id} ${what}`);
  return [
    ...(streams && target.streams ? [startStreams({ ...options, clients: streams, protocol: target.streams, random: random("streams") })] : []),
    ...(sockets && target.sockets ? [startSockets({ ...options, clients: sockets, protocol: target.sockets, random: random("sockets") })] : []),
  ];
}

/** What the store holds of what was followed, as operations of the harness's own: the truth that the clients' records are held against. */
export async function noteStored(
  stack: Stack,
  followers: readonly Followers[],
  clock: Clock,
  journal: Journal<InvokeLine | CompleteLine>,
): Promise<void> {
  const client = await stack.postgres.connect();
  let asked = 0;
  try {
    for (const { stored, followed, isComplete } of followers) {
      const { rows } = await client.query(stored, [[...followed]]);
      const bySubject = Map.groupBy(rows as readonly StoredEvent[], ({ subject }) => subject);
      for (const key of followed) {
        const events = (bySubject.get(key) ?? []).map(({ id, kind, attempt, of }) => ({
          ...{ id: Number(id), kind, attempt },
          ...(of === undefined ? {} : { of }),
        }));
        const common = { time: clock.now(), process: `store${asked++}`, f: "events" };
        journal.write({ type: "invoke", ...common, key });
        journal.write({ type: "ok", ...common, served: "yes", value: { events, complete: isComplete(events.at(-1)?.kind) } });
      }
    }
  } finally {
    await client.end();
  }
}

interface StoredEvent {
  readonly subject: string;
  readonly id: string | number;
  readonly kind: string;
  readonly attempt: number;
  readonly of?: string;
}
