/**
 * Stresses the way in which operators clear locks, where locks are rows of Postgres: the same as where they are keys of Redis, and a broken system shows in the same way.
 */
import type { Experiment } from "../../harness/core/experiment.ts";
import ofTheDead from "./clear-locks-of-the-dead.ts";

export default {
  ...ofTheDead,
  id: "clear-locks-in-postgres",
  title: "Clear locks in Postgres whose holders work on, or are killed, early and late",
  settings: { api: { LOCK_STRATEGY: "postgres" } },
} satisfies Experiment;
