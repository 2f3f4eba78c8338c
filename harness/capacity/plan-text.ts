/** A plan in words and a table, for a terminal. */
import type { Plan, PlanRow, RollingUpdate } from "./plan.ts";
import type { LoadReplayed } from "./replay.ts";

export function planText(plan: Plan): string {
  const { asked, busyWorkers, formula, dividedTwice, needed } = plan;
  const { perSecond, serviceSeconds, workers, p95Seconds } = asked;
  const limit = percent(asked.utilisation);
  const share = percent(dividedTwice.perSecond / perSecond);
  const objective = p95Seconds === undefined ? "" : ` and 95 % of requests are answered within ${seconds(p95Seconds)}`;
  const again =
    workers === 1
      ? ""
      : `It has divided by the workers of an instance, so its result is instances. Taken for workers and divided by ${workers} again it becomes ${dividedTwice.instances} instances, which carry ${number(dividedTwice.perSecond)} requests/s: ${share} of what is asked for. `;
  const parts = [
    `${number(perSecond)} requests/s of ${seconds(serviceSeconds)} each, instances of ${workers} ${workers === 1 ? "worker" : "workers"}.`,
    `Little's law: ${number(busyWorkers)} workers are busy on average, however many there are.`,
    `The usual formula: ${number(perSecond)} x ${number(serviceSeconds)} / ${workers} = ${number(formula)} instances. ${again}With the formula's own number no worker is ever idle: whatever comes at random queues without end.`,
    table(plan.rows),
    'All workers on one queue; "own queues" is where each instance gets its requests at random and keeps them. Approximated (Erlang C, Allen and Cunneen); against a simulation the 95th percentile is within 10 % up to 85 % busy and a variation of 1. With much more variation the shape of the service time decides, and it is not known here.',
    needed === null
      ? `No number of instances keeps 95 % of requests within ${seconds(p95Seconds ?? 0)}: the service time alone takes longer.`
      : `Needed: ${needed} instances, so that workers are at most ${limit} busy${objective}. With ${needed + 1} that still holds when one instance is down.`,
    ...(plan.rolling === null ? [] : [rollingText(plan.rolling, asked.replaceSeconds)]),
  ];
  return parts.join("\n\n");
}

function rollingText({ seconds: taken, missing, piledUp, surgeInstanceSeconds }: RollingUpdate, replaceSeconds: number): string {
  const without =
    piledUp > 0
      ? `the others do not suffice, and about ${Math.round(piledUp)} requests pile up`
      : `the others are ${percent(missing.utilisation)} busy and the 95th percentile is ${seconds(missing.p95Seconds)}`;
  return `A rolling update, one instance of ${missing.instances + 1} at a time and ${seconds(replaceSeconds)} each, takes ${seconds(taken)}: ${without}. With one more started first nothing is missing, for ${number(surgeInstanceSeconds / 3600)} instance-hours.`;
}

export function replayText(replay: LoadReplayed): string {
  const { looks, least, most, changes, turns, behind, longestWaitSeconds, instanceHours, fixedInstanceHours } = replay;
  const hours = number((looks.length * 15) / 3600);
  const kept =
    behind === 0
      ? "no request ever waited for a pod"
      : `at the end of ${behind} of ${looks.length} looks requests waited, at worst for ${seconds(longestWaitSeconds)}: the autoscaler sees CPU, not waiting requests`;
  return `The autoscaler on ${looks.length} looks (${hours} h) of that load: ${least} to ${most} replicas, ${changes} changes and ${turns} turns from growing to shrinking or back; ${kept}. ${number(instanceHours)} instance-hours, where ${most} all the time are ${number(fixedInstanceHours)}.`;
}

function table(rows: readonly PlanRow[]): string {
  const head = ["instances", "busy", "waiting", "mean wait", "p50", "p95", "p99", "p95, own queues"];
  const cells = rows.map((row) => [
    String(row.instances),
    percent(row.utilisation),
    percent(row.waiting),
    seconds(row.meanWaitSeconds),
    seconds(row.p50Seconds),
    seconds(row.p95Seconds),
    seconds(row.p99Seconds),
    seconds(row.ownQueueP95Seconds),
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((line) => (line[i] as string).length)));
  return [head, ...cells].map((line) => line.map((cell, i) => cell.padStart(widths[i] as number)).join("  ")).join("\n");
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`;
}

function seconds(value: number): string {
  if (!Number.isFinite(value)) return "no end";
  return value !== 0 && value < 0.0995 ? `${number(1000 * value)} ms` : `${number(value)} s`;
}

function number(value: number): string {
  return String(Number(value.toPrecision(3)) === Math.round(value) || value >= 1000 ? Math.round(value) : Number(value.toPrecision(3)));
}
