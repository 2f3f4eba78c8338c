/** What a fault is: it strikes a victim, a probe sees it bite, it is healed, a probe sees that too. One fault a file; the file's name is the fault's name. */
import { setTimeout as later } from "node:timers/promises";
import { until } from "../base/clock.ts";
import type { Layout } from "../core/experiment.ts";
import type { LedgerEntry } from "../core/records.ts";
import type { Ability, Instance, Stack, StackBalancer, StackEdge } from "../drivers/stack.ts";

/** Who is at work on what, as the judge's ledger knows it at this moment. */
export interface AtWork {
  /** What an instance is doing: `run <id> attempt 2` by open section, and how many clients it answered in the last second. */
  working(instance: string): readonly string[];
  /** Open sections of a scope, newest first. */
  open(scope: LedgerEntry["scope"]): readonly LedgerEntry[];
  /** How long ago an entry was stamped (ms). */
  ageOf(entry: LedgerEntry): number;
  /** From now on an instance can report nothing: what it reports has no effect. */
  refuse(instance: string): Refusal;
}

/** What keeps an instance from having external effects. */
export interface Refusal {
  /** Connections of the instance that were ended so far, and reports that were not taken. */
  refused(): number;
  end(): void;
}

export interface FaultContext {
  readonly stack: Stack;
  readonly ledger: AtWork;
  /** The scheduled victim: an instance, a dependency, an edge pattern, or a choice made now (`holder-of-lock`). */
  readonly on: string;
  readonly options: Readonly<Record<string, string | number>>;
}

/** One strike, prepared: its victim is chosen, nothing has happened yet. */
export interface Strike {
  /** The victim's name for the record. */
  readonly on: string;
  /** What the victim is working on at this moment; a fault on an idle victim proves nothing. */
  working(): readonly string[];
  /** An interrupted run is not healed but taken down: whatever goes on after this must not keep the harness alive (timers with `ref: false`). */
  inject(): Promise<void>;
  /** What a probe saw of the fault on the victim's own data path, in words; undefined while nothing is to be seen. */
  bites(): Promise<string | undefined>;
  /** What is looked at from the bite on: the fault lasts until this resolves, at least. The numbers, unit last in the name, go with the record of the healing. */
  readonly during?: ((signal: AbortSignal) => Promise<Readonly<Record<string, number>>>) | undefined;
  heal(): Promise<void>;
  healed(): Promise<string | undefined>;
  /** What injecting measured, unit last in the name; goes with the record of the bite. */
  numbers?(): Readonly<Record<string, number>>;
}

export interface Fault {
  /** In one sentence. */
  readonly what: string;
  /** The layouts that it can strike; absent: any. */
  readonly layouts?: readonly Layout[];
  /** How long its end may take to be seen (ms), where that is longer than usual. */
  readonly healsWithinMs?: number;
  /** Asked before anything else until it answers, a minute at most: an earlier fault may have to be over. */
  ready?(context: Pick<FaultContext, "stack" | "on" | "options">): Promise<string | undefined>;
  /** Abilities that not every driver has: where one is lacking, the experiment is out of reach. */
  readonly needs?: readonly Ability[];
  /** Chooses the victim; undefined when there is none to choose at this moment. */
  prepare(context: FaultContext): Strike | undefined;
}

/** What all instances are doing: the victims of a fault on something they share. */
export function everybodysWork(stack: Stack, ledger: AtWork): readonly string[] {
  return stack.instances().flatMap((instance) => ledger.working(instance.name));
}

/** How long ago a critical section began, for a choice made when a fault strikes (ms): a moment ago, with most of its work before it; or long enough for its lease to have been renewed. */
const holders: Readonly<Record<string, readonly [overMs: number, belowMs: number]>> = {
  "holder-of-lock": [100, 350],
  "long-holder-of-lock": [1500, 3500],
};

/** The critical section that a choice of a holder stands for; undefined while there is none to choose. */
export function sectionOf(ledger: AtWork, on: string): LedgerEntry | undefined {
  const [overMs, belowMs] = holders[on] ?? [0, 0];
  return ledger.open("lock").find((entry) => ledger.ageOf(entry) > overMs && ledger.ageOf(entry) < belowMs);
}

/** The instance that a name or a choice stands for; undefined while there is none to choose. */
export function victimOf(ledger: AtWork, on: string): string | undefined {
  return holders[on] === undefined ? on : sectionOf(ledger, on)?.instance;
}

export function instanceNamed(stack: Stack, name: string): Instance {
  const found = stack.instances().find((instance) => instance.name === name);
  if (!found)
    throw new Error(
      `A fault was aimed at the instance "${name}". There are: ${stack
        .instances()
        .map((instance) => instance.name)
        .join(", ")}.`,
    );
  return found;
}

/** Edges by name or pattern: `queue-2->redis`, `*->redis`. */
export function edgesMatching(stack: Stack, pattern: string): readonly StackEdge[] {
  const found = stack.edges.filter((edge) => (pattern.startsWith("*") ? edge.name.endsWith(pattern.slice(1)) : edge.name === pattern));
  if (found.length === 0)
    throw new Error(
      `A fault was aimed at the edge "${pattern}", which is not proxied. There are: ${stack.edges.map((edge) => edge.name).join(", ") || "none"}.`,
    );
  return found;
}

const switchWithinMs = 5000;
/** What was handed to an instance a moment before the switch is at work then. */
const onItsWayMs = 300;

/** The balancer gives these instances nothing new, and all others their share, also those that it had kept out for their failures. */
export async function markDown(balancer: StackBalancer, down: readonly string[]): Promise<void> {
  const written = await balancer.reload({ down });
  // Another fault may have had it switch again meanwhile.
  const switched = async (): Promise<true | undefined> => Number(await balancer.version(500)) >= Number(written) || undefined;
  await until(`The balancer was expected to switch to version ${written}`, switched, { withinMs: switchWithinMs });
  await later(onItsWayMs);
}
