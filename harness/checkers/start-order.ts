/** HS-2, AB-8: instances that are started before their database, or before its schema can be brought up to date, wait for it, say so, and serve soon after it is there. */
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { injectionsOf, seenBiting } from "./injections.ts";
import { at, concludeBound, inTime, ms, toleranceMs } from "./judge.ts";

/** @param boundMs from the start of Postgres to the readiness of every instance that waited for it */
export function startsInAnyOrder({ boundMs }: { readonly boundMs: number }): Checker {
  return (evidence) => {
    const found: Counterexample[] = [];
    // That a process ended, or said that it was ready, needs no bound in time: no busy machine excuses it.
    const plain: Counterexample[] = [];
    let examined = 0;
    let slowest = 0;
    for (const { id, requestedAt: time, bitingAt: until, numbers } of seenBiting(evidence.faults, "start-before-postgres")) {
      const where = `(${id} at ${at(time)})`;
      for (const name of Object.keys(numbers).flatMap((key) => (key.endsWith(" live") ? [key.slice(0, -" live".length)] : []))) {
        const of = (what: string): number => numbers[`${name} ${what}`] ?? 0;
        const readyAfterMs = numbers[`${name} readyAfterMs`];
        const accuse = (what: string, list = found) => list.push({ time, until, text: `${name}, started before Postgres, ${what} ${where}.` });
        // One that the machine had not brought to life by then, and that was ready later, was not seen without its database.
        if (of("live") === 0 && of("ended") === 0 && readyAfterMs !== undefined) continue;
        examined++;
        slowest = Math.max(slowest, readyAfterMs ?? 0);
        if (of("ended") === 1) accuse("ended instead of waiting for it", plain);
        else if (of("readyAlone") > 0) accuse(`said ${of("readyAlone")} times that it was ready while Postgres was down`, plain);
        else if (readyAfterMs === undefined) accuse(`was never ${of("live") === 0 ? "alive, nor " : ""}ready after Postgres was`);
        else if (readyAfterMs > boundMs + toleranceMs(evidence, boundMs))
          accuse(`was ready ${ms(readyAfterMs)} after it; ${ms(boundMs)} are allowed`);
      }
    }
    const text = {
      holds: `${examined} instances waited for Postgres, alive and not ready, and were ready within ${ms(slowest)} of its start.`,
      nothing: "No instance was seen alive before Postgres was.",
    };
    const told = (of: readonly Counterexample[]) => conclude("instances wait for their database", examined, of, text, { slowestMs: slowest });
    return plain.length > 0 ? told(plain) : concludeBound(evidence, boundMs, told(found));
  };
}

/** AB-8: whoever starts without its database is alive all the same: it never answers that it is not, or whoever goes by that starts it anew, again and again. */
export const aliveWithoutDatabase: Checker = ({ faults }) => {
  const found: Counterexample[] = [];
  let examined = 0;
  for (const { id, requestedAt: time, numbers } of seenBiting(faults, "start-before-postgres"))
    for (const key of Object.keys(numbers).filter((one) => one.endsWith(" notLive"))) {
      const [name, notLive] = [key.slice(0, -" notLive".length), numbers[key] ?? 0];
      if (numbers[`${name} live`] !== 1 && notLive === 0) continue;
      examined++;
      if (notLive > 0)
        found.push({ time, text: `${name}, started before Postgres, answered ${notLive} times that it was not alive (${id} at ${at(time)}).` });
    }
  const text = {
    holds: `${examined} instances that were started before Postgres said that they were alive, whenever they answered.`,
    nothing: "No instance that was started before Postgres answered whether it was alive.",
  };
  return conclude("alive without a database", examined, inTime(found), text, { instances: examined });
};

/** A reading is this old at most when it is noted (ms). */
const lookMs = 1000;

/** An instance that was killed and started again while `fault` keeps migrations from ending is there, alive and not ready, for as long as that lasts. */
export function waitsForItsSchema(fault: string): Checker {
  return ({ faults, samples }) => {
    const found: Counterexample[] = [];
    let examined = 0;
    for (const held of seenBiting(faults, fault)) {
      for (const { on, bitingAt, healingAt } of seenBiting(faults, "kill")) {
        if (bitingAt < held.bitingAt) continue;
        const until = held.healingAt - lookMs;
        const killedAgain = injectionsOf(faults).some((one) => one.on === on && one.requestedAt > bitingAt && one.requestedAt <= until);
        // Its process: one that has been started is not there at once.
        let wasThere = false;
        for (const { source, time, values } of samples) {
          if (source !== on || time < healingAt || time > until) continue;
          const isGone = values.rssMb === undefined && wasThere && !killedAgain;
          wasThere ||= values.rssMb !== undefined;
          if (isGone) found.push({ time, text: `${on}, started again at ${at(healingAt)}, had ended at ${at(time)}, during ${held.id}.` });
          else if (values.ready === 1)
            found.push({ time, text: `${on}, started again at ${at(healingAt)}, said that it was ready at ${at(time)}, during ${held.id}.` });
          // Its timer lag is in every answer of its metrics page.
          else if (values.lagMs === undefined) continue;
          examined++;
        }
      }
    }
    const text = {
      holds: `In ${examined} looks instances whose migration was held up were alive and not ready.`,
      nothing: "No instance was seen alive while its migration was held up.",
    };
    return conclude("instances wait for their schema", examined, inTime(found), text, { looks: examined });
  };
}
