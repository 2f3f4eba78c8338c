/** Carries the seeded timeline out and keeps an honest record of it: requested, biting, healing, healed, each with what a probe saw. */

import { type Clock, sleep, until } from "../base/clock.ts";
import { messageOf } from "../base/errors.ts";
import type { Journal } from "../base/journal.ts";
import type { ScheduledFault } from "../core/experiment.ts";
import type { FaultEvent } from "../core/records.ts";
import type { Stack } from "../drivers/stack.ts";
import type { AtWork, Fault, Strike } from "../faults/fault.ts";

/** A victim must be at work when the fault strikes, and is given time to find some; the effect and its end must be seen soon after. */
const limits = { readyWithinMs: 60_000, workWithinMs: 8000, biteWithinMs: 5000, healWithinMs: 30_000 };

export interface NemesisContext extends Partial<typeof limits> {
  readonly clock: Clock;
  readonly stack: Stack;
  readonly ledger: AtWork;
  readonly journal: Journal<FaultEvent>;
  readonly signal: AbortSignal;
  /** A fault of `harness/faults/`, by its file's name. */
  load(name: string): Promise<Fault>;
  /** Says what is active now, for the progress line; "" when a fault is over. */
  onActive(id: string, text: string): void;
}

/** Runs all scheduled faults, overlapping where the timeline says so. Resolves when the last one is healed or known not to. */
export async function strikeAll(schedule: readonly ScheduledFault[], context: NemesisContext): Promise<void> {
  const began = context.clock.now();
  const results = await Promise.allSettled(schedule.map((item, i) => strikeOne(item, `${item.fault}#${i + 1}`, began, context)));
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

async function strikeOne(item: ScheduledFault, id: string, began: number, context: NemesisContext): Promise<void> {
  const { clock, signal } = context;
  const { readyWithinMs, workWithinMs, biteWithinMs, healWithinMs } = { ...limits, ...context };
  const fault = await context.load(item.fault);
  await sleep(began + item.atMs - clock.now(), signal);
  const note = (phase: FaultEvent["phase"], on: string, evidence: string, more: Partial<FaultEvent> = {}): void =>
    context.journal.write({ time: clock.now(), id, fault: item.fault, on, phase, evidence, working: [], ...more });

  const missed = (why: string): void => {
    note("requested", item.on, "");
    note("did not bite", item.on, why);
  };
  const { ready } = fault;
  try {
    const asked = { stack: context.stack, on: item.on, options: item.options ?? {} };
    if (ready) await until("It was expected that it may strike", () => ready(asked), { withinMs: readyWithinMs, everyMs: 50, signal });
  } catch (error) {
    signal.throwIfAborted();
    return missed(messageOf(error));
  }
  const found = await atWork(fault, item, workWithinMs, context);
  if (!found) return missed(`no victim was at work within ${workWithinMs} ms`);
  const { strike, working } = found;
  note("requested", strike.on, "", { working });
  context.onActive(id, `${item.fault} ${strike.on}`);
  const bit = await act(strike.inject, strike.bites, ["biting", "did not bite"], biteWithinMs);
  const [numbers] = await Promise.all([bit ? strike.during?.(signal) : undefined, sleep(item.forMs, signal)]);
  signal.throwIfAborted();
  note("healing", strike.on, "", numbers ? { numbers } : {});
  await act(strike.heal, strike.healed, ["healed", "did not heal"], fault.healsWithinMs ?? healWithinMs);
  context.onActive(id, "");

  /** Does it and notes what a probe sees of it, if it does; an error is noted in place of the sight, and the timeline goes on. */
  async function act(doIt: () => Promise<void>, probe: () => Promise<string | undefined>, [good, bad]: Phases, withinMs: number): Promise<boolean> {
    try {
      await doIt();
      const sight = await until("The probe was expected to see the effect", probe, { withinMs, everyMs: 20, signal });
      note(good, strike.on, sight, good === "biting" && strike.numbers ? { numbers: strike.numbers() } : {});
      return true;
    } catch (error) {
      signal.throwIfAborted();
      note(bad, strike.on, messageOf(error));
      return false;
    }
  }
}

type Phases = readonly [FaultEvent["phase"], FaultEvent["phase"]];

async function atWork(
  fault: Fault,
  item: ScheduledFault,
  workWithinMs: number,
  context: NemesisContext,
): Promise<{ strike: Strike; working: readonly string[] } | undefined> {
  const prepare = (): { strike: Strike; working: readonly string[] } | undefined => {
    const strike = fault.prepare({ stack: context.stack, ledger: context.ledger, on: item.on, options: item.options ?? {} });
    const working = strike?.working() ?? [];
    return strike && working.length > 0 ? { strike, working } : undefined;
  };
  const deadline = context.clock.now() + workWithinMs;
  while (context.clock.now() < deadline) {
    const found = prepare();
    if (found) return found;
    await sleep(5, context.signal);
  }
  return undefined;
}
