/**
 * pg-boss tuned for throughput as its documentation of work() says: batches of as many jobs as may run at a time, fetched again at once while
 * they come back full, and the shortest polling interval besides. Its notifications are slower under load, and left off.
 */
import { PgBoss } from "pg-boss";

const queue = "noop";

export async function open({ databaseUrl, concurrency }) {
  const boss = new PgBoss({ connectionString: databaseUrl, max: 2 * concurrency });
  boss.on("error", () => {});
  await boss.start();
  await boss.createQueue(queue);
  return {
    async fill(count) {
      await boss.insert(
        queue,
        Array.from({ length: count }, () => ({ data: {} })),
      );
    },
    async start({ begin, done }) {
      await boss.work(queue, { batchSize: concurrency, burstWhenBatchFull: true, pollingIntervalSeconds: 0.5 }, async (jobs) => {
        for (const _ of jobs) begin();
        // It tells nobody when a batch is completed: the end of the handler is taken for it, in its favour.
        for (const _ of jobs) done();
      });
    },
    enqueue: () => boss.send(queue, {}),
    stop: () => boss.stop({ graceful: false, close: true }),
  };
}
