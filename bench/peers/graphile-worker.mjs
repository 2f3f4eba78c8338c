/** graphile-worker as its documentation starts it: the default preset, woken by the notification that add_job sends; only the concurrency is set, and what `worker` sets. */
import { Logger, makeWorkerUtils, run } from "graphile-worker";

export async function open({ databaseUrl, concurrency }, worker = {}) {
  // Not a line for each job: in its favour.
  const logger = new Logger(() => () => {});
  const utils = await makeWorkerUtils({ connectionString: databaseUrl, logger });
  await utils.migrate();
  let runner;
  return {
    async fill(count) {
      await utils.withPgClient((client) => client.query("select graphile_worker.add_job('noop') from generate_series(1, $1::int)", [count]));
    },
    async start({ begin, done }) {
      runner = await run({
        connectionString: databaseUrl,
        concurrency,
        noHandleSignals: true,
        logger,
        preset: { worker },
        taskList: { noop: async () => begin() },
      });
      runner.events.on("job:complete", done);
    },
    enqueue: () => utils.addJob("noop", {}),
    async stop() {
      await runner?.stop();
      await utils.release();
    },
  };
}
