import type { Claim } from "../../harness/core/experiment.ts";

export default {
  id: "HS-8",
  statement: "A message is broadcast to every connected client of the agent, whichever instance it is connected to.",
  document: "Horizontal scaling of a stateful agent server (seed 000)",
  where: "WebSocket API and Message Broadcasting",
  decides: "Each client gets every message published while it was connected, once and in order, and a reconnect resumes without a gap.",
  untried: {
    kind: "tested in the server",
    tests: ["routes/agent-socket.test.ts", "sockets/follow.test.ts"],
    reason: "Clients on two instances are tried there, with Redis cut off in between; no experiment follows them through kills under load.",
  },
} satisfies Claim;
