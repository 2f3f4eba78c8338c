/** graphile-worker as its documentation batches for throughput: jobs fetched ahead into a local queue, completions of one moment in one statement. */
import { open as openWith } from "./graphile-worker.mjs";

export const open = (at) => openWith(at, { localQueue: { size: at.concurrency + 1 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 });
