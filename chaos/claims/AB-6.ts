/** The guide's example as arithmetic: the formula is Little's law, its result is right, and the sentence below it calls that result by the wrong name. */
import type { Claim } from "../../harness/core/experiment.ts";

const perSecond = 10;
const meanSeconds = 5;
const workersPerInstance = 2;
/** Little's law: so many requests are under way at a time, so that many workers are busy all the time. */
const busyWorkers = perSecond * meanSeconds;
const instances = busyWorkers / workersPerInstance;
/** At full utilisation whatever comes at random queues without end; at this share of it the wait stays short. */
const utilisation = 0.7;
const instancesWithHeadroom = Math.ceil(busyWorkers / utilisation / workersPerInstance);

export default {
  id: "AB-6",
  statement: "Instances needed = requests per second x mean response time / workers per instance.",
  document: "Horizontal scaling guide of an agentic backend (seed 002)",
  where: "Capacity Planning: Scaling Calculator",
  decides: "The guide's own example, calculated: the formula, its result and the sentence below it have to agree.",
  bound: { value: instances, unit: "instances", why: "the formula's own result for the example, which the sentence below it halves" },
  readings: {
    documented: "10 requests/s of 5 s with 2 workers an instance: 25 workers, which are 13 instances.",
    corrected: `${busyWorkers} workers are busy, which are ${instances} instances: the formula divides by the workers already, so 25 is instances. None is idle then, so random arrivals queue without end; with ${instancesWithHeadroom} instances a worker is busy for ${utilisation * 100} % of its time at most.`,
  },
  untried: {
    kind: "calculated",
    reason:
      "The arithmetic contradicts itself whatever is measured. `runproof plan` calculates it with the waiting it leaves out, held against a simulation and not against measured capacity.",
  },
} satisfies Claim;
