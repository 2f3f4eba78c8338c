/** One strike of a fault on a live stack that nobody loads, from its injection to its healing. */
import { until } from "../../base/clock.ts";
import type { Stack } from "../../drivers/stack.ts";
import { loadFault } from "../../run/catalogue.ts";
import type { AtWork, FaultContext } from "../fault.ts";
import { idle, project } from "./live-stack.ts";

interface Seen {
  readonly bite: string;
  readonly numbers: Readonly<Record<string, number>>;
}

type Strike = (name: string, on: string, options?: FaultContext["options"], ledger?: AtWork) => Promise<Seen>;

/** Strikes at the stack that there is by then. The answer has what the fault's probe saw of its bite, and what it measured; rejects when it does not bite or does not heal. */
export function strikeAt(stackOf: () => Stack): Strike {
  return async (name, on, options = {}, ledger = idle) => {
    const prepared = (await loadFault(project, name)).prepare({ stack: stackOf(), ledger, on, options });
    if (!prepared) throw new Error(`${name} was expected to find a victim.`);
    try {
      await prepared.inject();
      const bite = await until(`${name} was expected to bite`, prepared.bites, { withinMs: 5000 });
      const seen = await prepared.during?.(AbortSignal.timeout(60_000));
      return { bite, numbers: { ...prepared.numbers?.(), ...seen } };
    } finally {
      await prepared.heal();
      await until(`${name} was expected to heal`, prepared.healed, { withinMs: 30_000 });
    }
  };
}
