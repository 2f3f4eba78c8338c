import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HA-11",
  statement: "Reads ask the cache first and then the database, and writes go to both.",
  document: "High availability of a stateful agent server (seed 001)",
  where: "State Synchronization for Agents: Strategies Using Distributed Caches",
  decides:
    "No read is older than the last acknowledged write by more than the bound, and cache and database agree after a fault at every step between the two writes: a version is one content for all, and none is shown that was never committed.",
  readings: {
    documented: "A change is written to the database and to the cache.",
    corrected:
      "Two writes are not one: a cache is filled only with a version that is not older, so that a reader that slept in between stores nothing.",
  },
  bound: {
    value: ({ cacheTtlMs = Number.NaN }) => cacheTtlMs,
    unit: "ms",
    why: "the target's time to live of a copy: what is lost is made good by it",
  },
} satisfies Claim;
