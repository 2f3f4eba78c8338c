/** HA-22: the loss of one region's Redis is seen in that region, and nowhere else. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { seenBiting } from "./injections.ts";
import { at } from "./judge.ts";

const leastLooks = 5;
/** An instance that is busy may miss its own limit now and then; one that depends on what is gone says so each time. */
const touchedShare = 0.8;

/** Judged by what `lose-regional-redis` saw. A loss that its own region did not tell of, or that others told of now and then, decides nothing. */
export const regionsIndependent: Checker = ({ faults }) => {
  const found: Counterexample[] = [];
  let losses = 0;
  let looks = 0;
  for (const { id, on, requestedAt, numbers } of seenBiting(faults, "lose-regional-redis")) {
    const { ownLooks = 0, ownDown = 0, otherLooks = 0, otherDown = 0 } = numbers;
    if (ownLooks === 0 || ownDown < ownLooks / 2 || otherLooks < leastLooks) continue;
    if (otherDown > 0 && otherDown < touchedShare * otherLooks) continue;
    losses++;
    looks += otherLooks;
    if (otherDown === 0) continue;
    const text = `${id} at ${at(requestedAt)}: while the ${on} was gone, and the others answered, ${otherDown} of ${otherLooks} looks at instances of other regions found them without their Redis.`;
    found.push({ time: requestedAt, text });
  }
  const text = {
    holds: `${losses} times a region lost its Redis, and none of ${looks} looks at the instances of the other found it touched.`,
    nothing: "No loss of one region's Redis was told of by its instances, with enough looks at the others.",
  };
  return conclude("regions are independent", looks, found, text, { losses, looks });
};
