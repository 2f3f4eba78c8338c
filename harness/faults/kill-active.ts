import type { Fault } from "./fault.ts";
import { activeStrike, oneServes } from "./tools/active.ts";

export default {
  what: "SIGKILL of the instance of a role that serves while the others stand by; healed by starting it again once another serves: then it stands by.",
  layouts: ["passive"],
  ready: oneServes,
  prepare: (context) =>
    activeStrike(context, {
      inject: (active) => active.kill(),
      bites: async (active) => (active.pid() === undefined ? `${active.name}, which served, is gone` : undefined),
      heal: (active) => active.start(),
    }),
} satisfies Fault;
