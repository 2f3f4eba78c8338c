/**
 * Stresses the end of an API instance that consists of workers, as in `stop-the-api-politely`: one process is told to stop, and others do the work. A broken system tells them nothing, and kills
 * them with what they are answering, or does not end.
 */
import type { Experiment } from "../../harness/core/experiment.ts";
import stopTheApiPolitely from "./stop-the-api-politely.ts";

export default {
  ...stopTheApiPolitely,
  id: "stop-workers-politely",
  title: "Stop API instances of two workers with SIGINT and SIGTERM amid turns",
  profile: "weekly",
  settings: { api: { WORKERS: "2" } },
} satisfies Experiment;
