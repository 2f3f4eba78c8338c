/** The one operation of the reference server that only capacity runs need: a question that is answered in the request that asks it. Pure; k6 and Node import it. */
import type { Response, Result } from "../targets/reference/requests.ts";

export const query = {
  /** The guide's own question. `modelMs`: how long the simulated model takes; null: as long as the server finds fit. */
  request: ({ modelMs }: { readonly modelMs: number | null }) => ({
    path: "/api/v1/query",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ query: "What is 2+2?", agent_type: "math", ...(modelMs === null ? {} : { model: { ms: modelMs } }) }),
    timeoutMs: 35_000,
  }),
  /** Nobody resends it, but all that is not refused for its form may have begun a run. */
  result({ status, refused, error }: Response): Result {
    if (refused) return { outcome: "fail", served: "error", error: "connection refused" };
    if (status === 200) return { outcome: "ok", served: "yes", error: "" };
    const shed = status === 429 || status === 503;
    return { outcome: status === 422 ? "fail" : "info", served: shed ? "shed" : "error", error: status === 0 ? error : `status ${status}` };
  },
};
