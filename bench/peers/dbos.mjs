/**
 * DBOS as its documentation starts a queue. Its concurrency is left unlimited, in its favour: it looks for work once a second, and with a limit
 * of ten it would begin ten a second. It only drains here, so its connections are as many as everybody has to work with.
 */
import { DBOS, DBOSClient } from "@dbos-inc/dbos-sdk";
import pg from "pg";

const queueName = "noop";

export async function open({ databaseUrl, concurrency }) {
  const logger = { info() {}, debug() {}, warn() {}, error: (entry) => console.error(entry) };
  let began = () => {};
  const noop = DBOS.registerWorkflow(async () => began(), { name: "noop" });
  DBOS.setConfig({ name: "bench", systemDatabaseUrl: databaseUrl, systemDatabasePoolSize: concurrency, logger });
  let launched = false;
  const launch = async () => {
    if (launched) return;
    launched = true;
    await DBOS.launch();
    await DBOS.registerQueue(queueName);
  };
  return {
    async fill(count) {
      // The tables are made by the first launch.
      await launch();
      await DBOS.shutdown();
      launched = false;
      const client = await DBOSClient.create({ systemDatabaseUrl: databaseUrl, logger, applicationName: "bench" });
      for (let from = 0; from < count; from += 50) {
        const some = Array.from({ length: Math.min(50, count - from) }, () => client.enqueue({ workflowName: "noop", queueName }));
        await Promise.all(some);
      }
      await client.destroy();
    },
    async start({ begin, done }) {
      began = begin;
      await launch();
      // It tells nobody when a workflow is recorded as done: its table is asked.
      const client = new pg.Client(databaseUrl);
      await client.connect();
      let seen = 0;
      const look = async () => {
        const { rows } = await client.query("select count(*)::int as ends from dbos.workflow_status where status = 'SUCCESS'");
        for (; seen < rows[0].ends; seen++) done();
        setTimeout(look, 20);
      };
      await look();
    },
    enqueue: () => DBOS.startWorkflow(noop, { queueName })(),
    stop: () => DBOS.shutdown(),
  };
}
