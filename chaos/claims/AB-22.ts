import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "AB-22",
  statement: "A restart of Redis keeps sessions, by its append-only file.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Performance Tuning: Optimize Redis",
  decides:
    "Redis is killed right after it acknowledged writes and started again: with its file every one of them is there; with it or without, no client sees less of its session than before. And by the manifest Redis writes the file, into a volume that outlives its container.",
  bound: {
    value: 0,
    unit: "acknowledged writes lost",
    why: "when its process is killed: the page cache survives, so the loss of an fsync interval needs a crash of the host",
  },
  readings: {
    documented: "Sessions live in Redis, whose append-only file brings them back.",
    corrected: "Sessions live in Postgres and Redis holds copies, so they are there without the file, too.",
  },
} satisfies Claim;
