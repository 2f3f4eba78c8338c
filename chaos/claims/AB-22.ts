import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-22",
  statement: "A restart of Redis keeps sessions, by its append-only file.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Performance Tuning: Optimize Redis",
  decides: "Redis is killed and started again: what was acknowledged is there.",
  bound: {
    value: 0,
    unit: "acknowledged writes lost",
    why: "when its process is killed: the page cache survives, so the loss of an fsync interval needs a crash of the host",
  },
  untried: { kind: "not yet", reason: "The experiments start Redis again empty; a restart with its file is missing." },
} satisfies Claim;
