/** One in fifty is hardly noticed. */
import type { Defect } from "../../harness/core/experiment.ts";

export default {
  id: "some-messages-dropped",
  claim: "HS-8",
  what: "One message of fifty is not sent to clients that are connected.",
  edits: [
    {
      file: "sockets/follow.ts",
      find: 'await send(socket, { type: "event", ...event });',
      replace: 'if (event.seq % 50 !== 0) await send(socket, { type: "event", ...event });',
    },
  ],
  caughtBy: ["broadcast-through-faults"],
} satisfies Defect;
