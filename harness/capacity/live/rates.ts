/**
 * Throughput at the service times that a document implies, against what it says of them. Shorter times than the document's are scaled back in the result. A window
 * that is void, because the machine was busy with something else, is noted and offered again.
 */

import { judgeRates } from "../rates.ts";
import type { DecidedClaim, Rate } from "../result.ts";
import type { RatesStudy } from "../study.ts";
import { closedWindow } from "./closed-window.ts";
import type { Deployment } from "./deployment.ts";
import type { Measuring } from "./window.ts";

/** Windows of one service time; the last one counts, void or not. */
const most = 3;

export async function measureRates(
  deployment: Deployment,
  measuring: Measuring,
  study: RatesStudy,
  note: (rate: Rate) => void,
): Promise<{ readonly rates: readonly Rate[]; readonly claim: DecidedClaim }> {
  const rates: Rate[] = [];
  const instances = deployment.stack.instances().filter(({ role }) => role === deployment.target.frontRole).length;
  for (const { name, documentedPerMinute, serviceSeconds } of study.classes) {
    for (const seconds of serviceSeconds) {
      const settings = { [study.setting]: JSON.stringify([Math.round((seconds * 1000) / study.timesFaster)]) };
      let rate: Rate;
      let windows = 0;
      do {
        windows++;
        const window = { name: `rate-${rates.length + 1}-${windows}`, clients: study.clients, instances, settings };
        const { point } = await closedWindow(deployment, measuring, study, window);
        rate = {
          ...{ study: study.id, name, documentedPerMinute, serviceSeconds: seconds, point },
          idealPerMinute: (study.places * 60) / seconds,
          measuredPerMinute: (point.achievedPerSecond * 60) / study.timesFaster,
        };
        note(rate);
      } while (rate.point.validity.voidBecause !== "" && windows < most);
      rates.push(rate);
    }
  }
  return { rates, claim: judgeRates(rates, study) };
}
