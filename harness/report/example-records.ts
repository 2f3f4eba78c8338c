/** Test helper: the record files of the example run. */
import type { HistoryLine } from "../core/history.ts";
import type { Random } from "../core/random.ts";
import type { FaultEvent, FaultPhase, LedgerEntry, Sample } from "../core/records.ts";

export function faultsOf(fault: "kill" | "pause"): FaultEvent[] {
  const times = [12_000, 22_000, 25_000];
  return times.flatMap((at, i) => {
    const phases: [FaultPhase, number, string][] = [
      ["requested", at, ""],
      fault === "kill" && i === 2
        ? ["did not bite", at + 400, "queue-1 was working on nothing"]
        : ["biting", at + 180, `pid ${4100 + i} is ${fault === "kill" ? "gone" : "stopped (state T)"}`],
      ["healing", at + 4000, ""],
      ["healed", at + 4900, `queue-${i + 1} answers as ready and takes runs`],
    ];
    return phases.map(([phase, time, evidence]) => ({
      time,
      id: `${fault}#${i + 1}`,
      fault,
      on: `queue-${((i + 1) % 3) + 1}`,
      phase,
      evidence,
      working: [`run r${i}17 attempt 1`],
    }));
  });
}

export function scaling(): FaultEvent[] {
  return [13_000, 26_000].flatMap((time, i) =>
    (["requested", "biting", "healed"] as const).map((phase, n) => ({
      time: time + n * 300,
      id: `scale#${i + 1}`,
      fault: "scale",
      on: "queue",
      phase,
      evidence: `${2 ** (i + 1)} instances are ready`,
      working: [],
    })),
  );
}

/** 120 operations a second for 40 s; slow after each fault, and (kill) failing for 1.5 s. The recorder's clock is 900 ms behind. */
export function history(random: Random, outage: boolean): HistoryLine[] {
  const all: HistoryLine[] = [{ type: "clock", time: 0, harness: 900, delta: 0.4 }];
  for (let i = 0; i < 4680; i++) {
    const intended = (i * 1000) / 120;
    const at = intended + 900;
    const failing = outage && at > 12_150 && at < 13_700;
    const slow = [12_000, 22_000].some((fault) => at > fault && at < fault + 5000);
    const latency = 6 - 9 * Math.log(1 - random.next()) + (slow ? 40 + random.next() * 900 : 0);
    const process = `c${i}`;
    all.push({ type: "invoke", time: intended + 0.3, process, f: "create", key: `k${i}`, intended });
    if (i === 2000) continue;
    if (failing && i % 3 > 0) all.push({ type: "info", time: intended + 0.3 + latency / 2, process, f: "create", served: "error", error: "502" });
    else all.push({ type: "ok", time: intended + 0.3 + latency, process, f: "create", served: slow && i % 31 === 0 ? "shed" : "yes", by: "api-1" });
  }
  return all.sort((a, b) => a.time - b.time);
}

export function samples(killed: boolean): Sample[] {
  const all: Sample[] = [];
  for (let time = 500; time <= 40_500; time += 500) {
    const waiting = [12_000, 22_000].reduce(
      (age, fault) => (time > fault && time < fault + 6000 ? Math.max(age, Math.min(time - fault, fault + 6000 - time)) : age),
      0,
    );
    all.push({ time, source: "backlog", values: { open: 4 + waiting / 10, oldestMs: 30 + waiting } });
    all.push({ time, source: "harness", values: { lagMs: time === 22_500 ? 18 : 2, cpuPercent: 31 } });
    for (const [instance, from] of [
      ["api-1", 0],
      ["api-2", 0],
      ["queue-1", 25_100],
      ["queue-2", 12_000],
      ["queue-3", 22_000],
    ] as const) {
      const down = killed && from > 0 && time > from && time < from + 4900;
      all.push({
        time,
        source: instance,
        values: { ready: down ? 0 : 1, rssMb: 90, cpuPercent: 12, poolCheckedOut: 3, poolIdle: 7, poolWaiting: waiting > 0 ? 1 : 0 },
      });
    }
  }
  return all;
}

/** Two holders of one agent's lock at once: what the counterexample at 14.23 s cites. */
export function overlapLedger(): LedgerEntry[] {
  const entry = (seq: number, time: number, kind: LedgerEntry["kind"], token: number, instance: string): LedgerEntry => ({
    ...{ seq, time, kind, scope: "lock", subject: "a-17", token, instance },
    ...{ section: `s${token}`, step: kind === "step" ? 1 : 0, nonce: `n${seq}` },
  });
  return [
    entry(5120, 13_100, "enter", 41, "queue-2"),
    entry(5133, 14_230, "enter", 42, "queue-3"),
    entry(5140, 14_600, "step", 42, "queue-3"),
    entry(5151, 15_042, "exit", 41, "queue-2"),
    entry(5160, 15_300, "exit", 42, "queue-3"),
  ];
}

/** A log as an instance writes it: the experiment began at 08:00:00. */
export function overlapLog(instance: string): string {
  const said = (second: string, level: string, msg: string, agent: string): string =>
    `${JSON.stringify({ level, time: `2025-11-21T08:00:${second}Z`, instance, agent, msg })}\n`;
  return (
    said("02.000", "info", "listening", "") +
    said("14.231", "info", "lock acquired", "a-17") +
    said("14.900", "warn", "lease could not be renewed", "a-3")
  );
}
