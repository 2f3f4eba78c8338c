/** What all faults of an edge share: they are done to every edge of a pattern, and show on connections of the harness's own through each of them. */
import type { EdgeProbe, StackEdge, Toxic } from "../../drivers/stack.ts";
import { edgesMatching, type FaultContext, type Strike } from "../fault.ts";

/** A connection from before the fault, and its quickest round trip then (ms). */
interface Before {
  readonly probe: EdgeProbe;
  readonly roundTripMs: number;
}

export interface Sight {
  readonly text: string;
  /** Unit last in the name. */
  readonly numbers?: Readonly<Record<string, number>>;
}

interface EdgeFault {
  /** Does it to an edge; resolves to its undoing. */
  strike(edge: StackEdge): Promise<() => Promise<void>>;
  /** What shows on an edge while it lasts; undefined while nothing does. */
  shows(edge: StackEdge, before: Before): Promise<Sight | undefined>;
  /** What round trips carry both ways. */
  readonly payloadBytes?: number;
  /** How much longer they take while it lasts (ms); healed is when they no longer do. */
  readonly addedMs?: number;
}

const answerMs = 1000;

export function edgeStrike({ stack, ledger, on }: FaultContext, fault: EdgeFault): Strike {
  const edges = edgesMatching(stack, on);
  const victims = [...new Set(edges.map((edge) => edge.name.split("->")[0] ?? ""))];
  const payloadBytes = fault.payloadBytes ?? 0;
  const before = new Map<StackEdge, Before>();
  const undo: (() => Promise<void>)[] = [];
  const seen: Sight[] = [];
  const each = async <T>(ask: (edge: StackEdge) => Promise<T | undefined>): Promise<T[] | undefined> => {
    const answers = await Promise.all(edges.map(ask));
    const sights = answers.filter((answer) => answer !== undefined);
    return sights.length === edges.length ? sights : undefined;
  };
  const comesBack = async (edge: StackEdge): Promise<string | undefined> => {
    if ((await edge.dial(answerMs)) !== "answered") return undefined;
    using probe = await edge.openProbe(answerMs);
    const ms = await quickest(probe, payloadBytes);
    const limitMs = fault.addedMs === undefined ? answerMs : (before.get(edge)?.roundTripMs ?? 0) + fault.addedMs / 2;
    return ms < limitMs ? `${edge.name} answers in ${ms.toFixed(1)} ms` : undefined;
  };
  return {
    on,
    working: () => victims.flatMap((victim) => ledger.working(victim)),
    async inject() {
      for (const edge of edges) {
        const probe = await edge.openProbe(answerMs);
        before.set(edge, { probe, roundTripMs: Number.POSITIVE_INFINITY });
        before.set(edge, { probe, roundTripMs: await quickest(probe, payloadBytes) });
      }
      // What is done is undone, even when another edge could not be struck.
      const results = await Promise.allSettled(edges.map(fault.strike));
      for (const result of results) if (result.status === "fulfilled") undo.push(result.value);
      for (const result of results) if (result.status === "rejected") throw result.reason;
    },
    async bites() {
      const sights = await each(async (edge) => {
        const known = before.get(edge);
        return known && fault.shows(edge, known);
      });
      seen.splice(0, seen.length, ...(sights ?? []));
      return sights?.map(({ text }, i) => `${edges[i]?.name}: ${text}`).join("; ");
    },
    async heal() {
      for (const { probe } of before.values()) probe[Symbol.dispose]();
      for (const undone of undo.splice(0)) await undone();
    },
    healed: async () => (await each(comesBack))?.join(", "),
    numbers: () => ({
      roundTripBeforeMs: Math.max(...[...before.values()].map(({ roundTripMs }) => roundTripMs)),
      ...seen.reduce<Record<string, number>>((all, { numbers = {} }) => Object.assign(all, numbers), {}),
    }),
  };
}

/** The quickest of three: what the edge does to it is never less than it should be, what the machine does is. */
export async function quickest(probe: EdgeProbe, payloadBytes: number): Promise<number> {
  let ms = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) ms = Math.min(ms, await probe.roundTripMs(5000, payloadBytes));
  return ms;
}

/** The directions of a toxic: the option `stream`, or both. */
export function streamsOf({ options }: FaultContext): readonly Toxic["stream"][] {
  return options.stream === "upstream" || options.stream === "downstream" ? [options.stream] : ["upstream", "downstream"];
}

/** A strike by toxics. */
export function toxics(all: readonly Toxic[]): EdgeFault["strike"] {
  return async (edge) => {
    const removals: (() => Promise<void>)[] = [];
    for (const toxic of all) removals.push(await edge.addToxic(toxic));
    return async () => {
      for (const remove of removals) await remove();
    };
  };
}
