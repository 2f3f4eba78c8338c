/**
 * Measures capacity in queries, each one request that is open until its answer is there: the load of a guide that counts requests a minute, and that
 * prints a load test of its own. A system at its limit lets queries wait for a worker, and then refuses them.
 */
import { sleep } from "k6";
import exec from "k6/execution";
import http from "k6/http";
import { Counter } from "k6/metrics";
import { query } from "../chaos/capacity/protocol.ts";
import { seeded } from "../harness/core/random.ts";
import { arrivals, hasSchedule, perSecond } from "./capacity/arrivals.ts";
import { handleSummary, intendedStart, keepTime, openModel } from "./lib/open-model.ts";
import { counted, now, write } from "./lib/perform.ts";

declare const __ENV: Record<string, string>;

const seed = Number(__ENV.SEED);
/** Times of the simulated model (ms), one of which each query draws; none: as long as the server finds fit. */
const modelMs = JSON.parse(__ENV.MODEL_MS ?? "[]") as readonly number[];
/** What a user does between two questions. */
const pauseSeconds = Number(__ENV.PAUSE_SECONDS ?? 0);

const completed = new Counter("operations_completed");
let generation = 0;

export const options = arrivals(openModel(1));

export default counted(() => {
  const n = exec.scenario.iterationInTest;
  const drawn = modelMs.length > 0 ? seeded(seed, `query ${n}`).pick(modelMs) : null;
  const process = `vu${exec.vu.idInTest}.${generation}`;
  const { path, headers, body, timeoutMs } = query.request({ modelMs: drawn });
  const scheduled = hasSchedule ? { intended: intendedStart(perSecond) } : {};
  write({ type: "invoke", time: now(), process, f: "query", value: { modelMs: drawn }, ...scheduled });
  const response = http.post(`${__ENV.BASE_URL}${path}`, body, { headers, timeout: timeoutMs, redirects: 0 });
  const refused = response.error_code === 1212;
  const { status, headers: told, error: failure } = response;
  const { outcome, served, error } = query.result({ status, body: String(response.body ?? ""), headers: told, refused, error: failure });
  write({ type: outcome, time: now(), process, f: "query", served, error, by: response.headers["X-Instance-Id"] ?? "" });
  completed.add(1);
  if (outcome === "info") generation++;
  if (pauseSeconds > 0) sleep(pauseSeconds);
});

export { handleSummary, keepTime };
