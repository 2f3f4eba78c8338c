import { clusters } from "../core/experiment.ts";
import type { Fault } from "./fault.ts";
import { followsWithinMs, onceWhole, primaryStrike } from "./tools/cluster.ts";

export default {
  what: "SIGKILL of the primary's manager alone: its server goes on, an orphan, while another node is promoted; healed by starting the manager again.",
  layouts: clusters,
  healsWithinMs: followsWithinMs,
  ready: onceWhole,
  prepare: (context) =>
    primaryStrike(context, {
      inject: ({ manager }) => manager.kill(),
      shows: ({ name, serverPid, manager }) =>
        manager.pid() === undefined && serverPid() !== undefined
          ? `the manager of ${name} is gone, and its server ${serverPid()} goes on`
          : undefined,
      heal: ({ manager }) => manager.start(),
    }),
} satisfies Fault;
