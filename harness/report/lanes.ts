/** Readiness samples -> one lane an instance: when it was ready, when not, when nobody knows. Streaming and bounded. */
import type { Sample } from "../core/records.ts";
import type { InstanceLane } from "./model.ts";
import { clip } from "./text.ts";

type Stretch = { from: number; to: number; state: "ready" | "not ready" | "unknown" };

const lanesAtMost = 16;
const stretchesAtMost = 120;
/** Without a sample for this long, what the instance did is unknown. */
const silenceMs = 3000;

export interface LaneWriter {
  sample(sample: Sample): void;
  finish(): InstanceLane[];
}

/** Takes the samples whose values say `ready`. */
export function startLanes(): LaneWriter {
  const lanes = new Map<string, Stretch[]>();
  return {
    sample({ source, time, values }) {
      const ready = values.ready;
      if (typeof ready !== "number") return;
      const name = clip(source, 60);
      const lane = lanes.get(name) ?? [];
      if (lane.length === 0) {
        if (lanes.size >= lanesAtMost) return;
        lanes.set(name, lane);
      }
      extend(lane, time, ready === 1 ? "ready" : "not ready");
    },
    finish: () =>
      [...lanes]
        .map(([instance, stretches]) => ({ instance, stretches }))
        .sort((a, b) => a.instance.localeCompare(b.instance, "en", { numeric: true })),
  };
}

/** A state lasts until the next sample says otherwise. */
function extend(lane: Stretch[], time: number, state: Stretch["state"]): void {
  const last = lane[lane.length - 1];
  if (!last) {
    lane.push({ from: time, to: time, state });
    return;
  }
  if (time <= last.to) return;
  const silent = time - last.to > silenceMs;
  if (lane.length >= stretchesAtMost) {
    last.state = "unknown";
    last.to = time;
    return;
  }
  if (silent) lane.push({ from: last.to, to: time, state: "unknown" });
  else last.to = time;
  if (silent || last.state !== state) lane.push({ from: time, to: time, state });
}
