import { clusters } from "../core/experiment.ts";
import type { Fault } from "./fault.ts";
import { followsWithinMs, onceWhole, primaryStrike } from "./tools/cluster.ts";

export default {
  what: "SIGKILL of the primary's server and of its manager at once, as when their machine dies; healed by starting the manager again.",
  layouts: clusters,
  healsWithinMs: followsWithinMs,
  ready: onceWhole,
  prepare(context) {
    let pid: number | undefined;
    return primaryStrike(context, {
      async inject(primary) {
        pid = primary.serverPid();
        await primary.kill();
      },
      shows: ({ name, serverPid, manager }) =>
        pid !== undefined && serverPid() === undefined && manager.pid() === undefined
          ? `server ${pid} of ${name} and its manager are gone`
          : undefined,
      heal: ({ manager }) => manager.start(),
    });
  },
} satisfies Fault;
