import type { Client } from "pg";
import type { Fault } from "./fault.ts";
import { everybodysWork } from "./fault.ts";
import { answersSelectOne } from "./tools/outsider.ts";

export default {
  what: "SIGKILL of the Postgres backend of one of an instance's sessions. Postgres cannot trust its shared memory then: it ends every session and recovers by itself.",
  prepare({ stack, ledger, on }) {
    const { postgres } = stack;
    let pid = 0;
    let witness: Client | undefined;
    let ended = "";
    return {
      on,
      // Every session of everybody ends.
      working: () => everybodysWork(stack, ledger),
      async inject() {
        witness = await postgres.connect();
        witness.on("error", ({ message }) => {
          ended ||= message;
        });
        const { rows } = await witness.query(
          "select pid from pg_stat_activity where application_name = $1 order by state = 'active' desc, pid limit 1",
          [on],
        );
        if (rows.length === 0) throw new Error(`A session of ${on} was expected in Postgres and there is none.`);
        pid = Number(rows[0].pid);
        await postgres.killBackend(pid);
      },
      bites: async () => (ended === "" ? undefined : `backend ${pid} of ${on} was killed, and a session of the harness ended with: ${ended}`),
      heal: async () => void witness?.connection.stream.destroy(),
      healed: () => answersSelectOne(stack),
    };
  },
} satisfies Fault;
