import { clusters } from "../core/experiment.ts";
import type { Fault } from "./fault.ts";
import { followsWithinMs, onceWhole, primaryStrike } from "./tools/cluster.ts";

export default {
  what: "SIGKILL of the primary's main process: what serves its clients goes on for a moment, and its manager sees to the rest.",
  layouts: clusters,
  healsWithinMs: followsWithinMs,
  ready: onceWhole,
  prepare(context) {
    let pid: number | undefined;
    return primaryStrike(context, {
      inject(primary) {
        pid = primary.serverPid();
        return primary.killServer();
      },
      shows: ({ name, serverPid }) => (pid !== undefined && serverPid() !== pid ? `server ${pid} of ${name} is gone` : undefined),
      heal: () => {},
    });
  },
} satisfies Fault;
