/** Fault events -> one band an injection, and words for a moment relative to the faults. Pure. */
import type { FaultEvent } from "../core/records.ts";
import type { FaultBand } from "./model.ts";
import { clip, duration } from "./text.ts";

/** One band for each injection, ordered by the request. */
export function faultBands(events: readonly FaultEvent[]): FaultBand[] {
  const byId = Map.groupBy(events, (event) => event.id);
  const bands = [...byId.values()].flatMap((group): FaultBand[] => {
    const of = (phase: FaultEvent["phase"]): FaultEvent | undefined => group.find((event) => event.phase === phase);
    const first = of("requested") ?? group[0];
    if (!first) return [];
    const biting = of("biting");
    const healed = of("healed");
    const failedBite = of("did not bite");
    const failedHeal = of("did not heal");
    const band: FaultBand = {
      id: clip(first.id, 80),
      fault: clip(first.fault, 80),
      on: clip(first.on, 80),
      requestedAt: first.time,
      bitingAt: biting?.time ?? null,
      healingAt: of("healing")?.time ?? null,
      healedAt: healed?.time ?? null,
      state: failedBite ? "did not bite" : failedHeal ? "did not heal" : biting && healed ? "confirmed" : "not confirmed",
      biteEvidence: clip((biting ?? failedBite)?.evidence ?? "", 300),
      healEvidence: clip((healed ?? failedHeal)?.evidence ?? "", 300),
      working: first.working.slice(0, 12).map((text) => clip(text, 120)),
    };
    return [band];
  });
  return bands.sort((a, b) => a.requestedAt - b.requestedAt);
}

/** When a band stops mattering: healed, or the last phase that was recorded, or the end of the record. */
export function bandEnd(band: FaultBand, endsAt: number): number {
  return band.healedAt ?? (band.state === "did not bite" ? Math.max(band.requestedAt, band.healingAt ?? 0) : endsAt);
}

/** "while pause of queue-2 was biting", "3.1 s after kill of queue-1 was healed", "before the first fault". */
export function during(bands: readonly FaultBand[], time: number, endsAt: number): string {
  const active = bands.filter((band) => band.requestedAt <= time && time <= bandEnd(band, endsAt));
  const latest = active[active.length - 1];
  if (latest) {
    const phase = latest.healingAt !== null && latest.healingAt <= time ? "was healing" : latest.bitingAt === null ? "was requested" : "was biting";
    return `while ${latest.fault} of ${latest.on} ${phase}`;
  }
  const past = bands.filter((band) => bandEnd(band, endsAt) < time).sort((a, b) => bandEnd(b, endsAt) - bandEnd(a, endsAt))[0];
  if (past) return `${duration(time - bandEnd(past, endsAt))} after ${past.fault} of ${past.on} was healed`;
  return bands.length > 0 ? "before the first fault" : "";
}
