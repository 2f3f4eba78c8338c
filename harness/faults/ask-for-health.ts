/**
 * A loss under the eyes of the health page: another fault (option `by`) takes a component away, and every instance is asked for its health meanwhile. The page
 * is read as most have it: JSON with `components`, each with a `status`.
 */
import drift from "./drift.ts";
import { type Fault, type FaultContext, markDown, type Strike } from "./fault.ts";
import partition from "./partition.ts";
import restartPostgres from "./restart-postgres.ts";
import restartRedis from "./restart-redis.ts";
import { asksForHealth } from "./tools/health-page.ts";

const losses: Readonly<Record<string, (context: FaultContext) => Strike | undefined>> = {
  // All options of that fault are settings.
  drift: (context) => drift.prepare({ ...context, options: { [String(context.options.setting)]: context.options.value ?? "" } }),
  partition: partition.prepare,
  "restart-postgres": restartPostgres.prepare,
  "restart-redis": restartRedis.prepare,
};

export default {
  what: "A component (`component`) is lost by another fault (`by`), and every instance is asked for its health (`page`) from then on for a few seconds; the one named by `idle` has nothing else to do.",
  prepare(context) {
    const { stack, options } = context;
    const by = String(options.by);
    const loss = losses[by]?.(context);
    if (loss === undefined) throw new Error(`A loss was expected by one of ${Object.keys(losses).join(", ")}, and "${by}" was asked for.`);
    const component = String(options.component);
    return {
      on: loss.on,
      working: () => loss.working(),
      async inject() {
        if (options.idle !== undefined) await markDown(stack.balancer, [String(options.idle)]);
        await loss.inject();
      },
      bites: loss.bites,
      during: asksForHealth(context, component),
      async heal() {
        await loss.heal();
        if (options.idle !== undefined) await markDown(stack.balancer, []);
      },
      healed: loss.healed,
    };
  },
} satisfies Fault;
