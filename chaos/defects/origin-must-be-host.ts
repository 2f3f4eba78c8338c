/** The usual guard against pages of other sites: but the balancer passes the host on without its port, and only browsers say where they come from. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "origin-must-be-host",
  claim: "HS-3",
  what: "A WebSocket is refused when the page that opens it is not from the host that the request names.",
  edits: [
    {
      file: "routes/agent-socket.ts",
      find: `async ({ params: { id }, query: { after } }) => {
      lifecycle.draining.throwIfAborted();`,
      replace: `async ({ params: { id }, query: { after }, headers: { origin, host } }) => {
      lifecycle.draining.throwIfAborted();
      if (origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === host)) throw new Problem(403, "Pages of other sites may not connect.");`,
    },
  ],
  caughtBy: ["hold-sockets"],
} satisfies Defect;
