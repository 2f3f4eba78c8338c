import { describe, expect, it } from "vitest";
import { sleep, startClock } from "../base/clock.ts";
import type { FaultEvent } from "../core/records.ts";
import type { Stack } from "../drivers/stack.ts";
import type { AtWork, Fault, Strike } from "../faults/fault.ts";
import { strikeAll } from "./nemesis.ts";

// The nemesis only hands these on to the fault.
const stack = {} as Stack;
const ledger = {} as AtWork;

function strike(part: Partial<Strike>): Strike {
  return {
    on: "x",
    working: () => ["run r1 attempt 1"],
    inject: async () => {},
    bites: async () => "seen",
    heal: async () => {},
    healed: async () => "seen",
    ...part,
  };
}

async function record(fault: Fault, limits = { readyWithinMs: 60, workWithinMs: 60, biteWithinMs: 60, healWithinMs: 60 }): Promise<FaultEvent[]> {
  const events: FaultEvent[] = [];
  const journal = { write: (event: FaultEvent) => void events.push(event), assertWritable: () => {}, [Symbol.asyncDispose]: async () => {} };
  const schedule = [{ fault: "test", on: "x", atMs: 0, forMs: 20 }];
  await strikeAll(schedule, {
    clock: startClock(),
    stack,
    ledger,
    journal,
    signal: new AbortController().signal,
    load: async () => fault,
    onActive: () => {},
    ...limits,
  });
  return events;
}

const phases = (events: readonly FaultEvent[]): string[] => events.map((event) => event.phase);

describe("nemesis", () => {
  it("records request, bite, healing and health with their evidence", async () => {
    const order: string[] = [];
    const note = (what: string) => async () => void order.push(what);
    const events = await record({ what: "", prepare: () => strike({ inject: note("inject"), heal: note("heal") }) });
    expect(phases(events)).toEqual(["requested", "biting", "healing", "healed"]);
    expect(order).toEqual(["inject", "heal"]);
    expect(events[0]?.working).toEqual(["run r1 attempt 1"]);
    expect(events[1]?.evidence).toBe("seen");
  });

  it("heals no sooner than what is looked at meanwhile was seen, and looks at nothing where it did not bite", async () => {
    const order: string[] = [];
    const during = async () => {
      await sleep(60, new AbortController().signal);
      order.push("looked");
      return { answers: 3 };
    };
    const looked = { during, heal: async () => void order.push("heal") };
    const events = await record({ what: "", prepare: () => strike(looked) });
    expect(order).toEqual(["looked", "heal"]);
    expect(events.map(({ phase, numbers }) => [phase, numbers])).toContainEqual(["healing", { answers: 3 }]);
    await record({ what: "", prepare: () => strike({ ...looked, bites: async () => undefined }) });
    expect(order).toEqual(["looked", "heal", "heal"]);
  });

  it("says that a fault whose effect no probe saw did not bite, and heals it all the same", async () => {
    const healed: true[] = [];
    const events = await record({ what: "", prepare: () => strike({ bites: async () => undefined, heal: async () => void healed.push(true) }) });
    expect(phases(events)).toEqual(["requested", "did not bite", "healing", "healed"]);
    expect(healed).toHaveLength(1);
  });

  it("does not strike a victim that has nothing to do", async () => {
    const struck: true[] = [];
    const events = await record({ what: "", prepare: () => strike({ working: () => [], inject: async () => void struck.push(true) }) });
    expect(phases(events)).toEqual(["requested", "did not bite"]);
    expect(struck).toEqual([]);
  });

  it("waits for a victim to choose", async () => {
    let asked = 0;
    const events = await record({ what: "", prepare: () => (++asked < 4 ? undefined : strike({})) });
    expect(phases(events)).toContain("biting");
  });

  it("waits until it may strike, and says why when it may not", async () => {
    let asked = 0;
    const prepare = () => strike({});
    const later: Fault = { what: "", ready: async () => (++asked < 4 ? undefined : "whole"), prepare };
    expect(phases(await record(later, { readyWithinMs: 10_000, workWithinMs: 60, biteWithinMs: 60, healWithinMs: 60 }))).toContain("biting");
    const never = await record({ what: "", ready: async () => undefined, prepare });
    expect(phases(never)).toEqual(["requested", "did not bite"]);
    expect(never[1]?.evidence).toContain("It was expected that it may strike within 60 ms");
  });

  it("notes what could not be done and goes on", async () => {
    const fails = async (): Promise<void> => {
      throw new Error("Instance queue-1 did not start.");
    };
    const events = await record({ what: "", prepare: () => strike({ inject: fails, heal: fails }) });
    expect(phases(events)).toEqual(["requested", "did not bite", "healing", "did not heal"]);
    expect(events[3]?.evidence).toBe("Instance queue-1 did not start.");
  });

  it("says that a fault did not heal", async () => {
    const events = await record({ what: "", prepare: () => strike({ healed: async () => undefined }) });
    expect(phases(events)).toEqual(["requested", "biting", "healing", "did not heal"]);
  });

  it("stops waiting when the run is interrupted", async () => {
    const controller = new AbortController();
    const running = strikeAll([{ fault: "test", on: "x", atMs: 60_000, forMs: 0 }], {
      ...{ clock: startClock(), stack, ledger, signal: controller.signal, onActive: () => {} },
      journal: { write: () => {}, assertWritable: () => {}, [Symbol.asyncDispose]: async () => {} },
      load: async () => ({ what: "", prepare: () => strike({}) }),
    });
    await sleep(20);
    controller.abort(new Error("Interrupted."));
    await expect(running).rejects.toThrow("Interrupted.");
  });
});
