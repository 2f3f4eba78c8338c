/** Whether what was measured at the service times that a document implies is what the document says (AB-5). */
import type { DecidedClaim, Rate } from "./result.ts";
import type { RatesStudy } from "./study.ts";

/**
 * A range holds where the service times at its two ends, with all places taken, give what its ends say, less the tolerance. One place more than the document counts
 * would show as more than the ideal.
 */
export function judgeRates(
  rates: readonly Rate[],
  { id, claim, tolerance, timesFaster }: Pick<RatesStudy, "id" | "claim" | "tolerance" | "timesFaster">,
): DecidedClaim {
  const about = { id: claim, study: id };
  const unusable = rates.find(({ point }) => point.validity.voidBecause !== "");
  if (unusable)
    return {
      ...about,
      verdict: "inconclusive",
      summary: `${unusable.name} at ${unusable.serviceSeconds} s is void: ${unusable.point.validity.voidBecause}.`,
    };
  const wrong = rates.filter(({ measuredPerMinute, idealPerMinute }) => Math.abs(measuredPerMinute / idealPerMinute - 1) > tolerance);
  const told = rates.map(
    ({ name, serviceSeconds, measuredPerMinute, documentedPerMinute: [low, high] }) =>
      `${name} at ${serviceSeconds} s: ${measuredPerMinute.toFixed(0)}/min of ${low} to ${high}`,
  );
  const scaled = timesFaster === 1 ? "" : ` Times were ${timesFaster} times shorter than documented, and rates are scaled back.`;
  const summary = `${told.join("; ")}.${scaled}`;
  const first = wrong[0];
  if (!first) return { ...about, verdict: "holds", summary };
  const far = `${first.name} at ${first.serviceSeconds} s measured ${first.measuredPerMinute.toFixed(0)}/min where all places busy make ${first.idealPerMinute.toFixed(0)}`;
  return { ...about, verdict: "violated", summary: `${far}. ${summary}` };
}
