/** A line of the balancer's access log, as `log_format arrivals` of reference-server/deploy/nginx.conf.template has it. */
import type { BalancedRequest } from "../../../harness/core/target.ts";

const shape =
  /^(?<ended>\d+\.\d{3}) \S+ "[^"]*" \d+ "(?<addresses>[^"]*)" "(?<statuses>[^"]*)" (?<took>\d+\.\d{3}) \S+ "(?<received>[^"]*)" (?<worker>\d+)$/;

/** Seconds with three decimals, as nginx writes them, in ms: exact, where a product would not be. */
const inMs = (seconds: string): number => Number(seconds.replace(".", ""));

/** One for each instance that was asked. nginx puts another mark where a request was answered by a second location. */
const each = (text = ""): string[] => (text === "-" ? [] : text.split(/, | : /));

/** @throws Error when it is no such line */
export function readArrival(line: string): BalancedRequest {
  const fields = shape.exec(line)?.groups;
  if (!fields) throw new Error(`Expected a line of the balancer's log as its template has it (log_format arrivals), found: ${line}`);
  const { ended = "", took = "", worker = "" } = fields;
  const [statuses, received] = [each(fields.statuses), each(fields.received)];
  const tries = each(fields.addresses).map((on, i) => ({ on, outcome: outcomeOf(statuses[i], received[i]) }));
  return { beganAt: inMs(ended) - inMs(took), endedAt: inMs(ended), worker, tries };
}

/**
 * nginx writes 502 or 504 for whom it could not reach or waited for in vain, and counts that as a failure; an instance may answer the same, which it does not count, but
 * then something was received. Other statuses of three digits are answers, but for 499 (the client left) and 000.
 */
function outcomeOf(status = "-", received = "-"): BalancedRequest["tries"][number]["outcome"] {
  if (status === "502" || status === "504") return received === "0" ? "failed" : "unknown";
  return /^[1-5]\d\d$/.test(status) && status !== "499" ? "answered" : "unknown";
}
