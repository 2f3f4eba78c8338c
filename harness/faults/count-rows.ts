import type { Fault } from "./fault.ts";

export default {
  what: "No disturbance but a look: how many rows there are in `from`, a table of Postgres, with its condition if there is one.",
  prepare({ stack, options }) {
    let rows: number | undefined;
    return {
      on: "postgres",
      working: () => ["Postgres"],
      async inject() {
        const client = await stack.postgres.connect();
        try {
          rows = (await client.query(`select count(*)::int as rows from ${options.from}`)).rows[0].rows;
        } finally {
          await client.end();
        }
      },
      bites: async () => (rows === undefined ? undefined : `${rows} rows of ${options.from}`),
      heal: async () => {},
      healed: async () => "nothing to heal",
      numbers: () => ({ rows: rows ?? 0 }),
    };
  },
} satisfies Fault;
