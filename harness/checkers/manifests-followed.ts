/** HS-12, AB-27: what became of pods that were run and looked after as the target's manifests say (`follow-the-manifests`). */
import { type Check, type Checker, type Counterexample, conclude, type Evidence, gravest } from "../core/verdict.ts";
import { type Injection, seenBiting } from "./injections.ts";
import { at, concludeBound, inTime, ms, toleranceMs } from "./judge.ts";

/** A pod is waited for so long until it is ready; and so long after Postgres has gone its probe may still say yes (ms). */
const [readyWithinMs, noticedWithinMs] = [60_000, 3000];

type Accuse = (text: string) => void;

/** What was seen of one thing, by the last word of the number's name: of a pod, of a setting. */
type Of = (what: string) => number | undefined;

const looksOf = ({ faults }: Pick<Evidence, "faults">): readonly Injection[] => seenBiting(faults, "follow-the-manifests");

/** Everything of which there is a number that ends so, with what else is known of it. */
function every({ numbers }: Injection, ending: string): readonly { readonly name: string; readonly of: Of }[] {
  return Object.keys(numbers).flatMap((key) => {
    const name = key.endsWith(` ${ending}`) ? key.slice(0, -ending.length - 1) : undefined;
    return name === undefined ? [] : [{ name, of: (what) => numbers[`${name} ${what}`] }];
  });
}

/** Judges each look by itself; `one` answers how many things it examined. */
function judged(evidence: Evidence, property: string, one: (look: Injection, accuse: Accuse) => number, text: (examined: number) => string): Check {
  const found: Counterexample[] = [];
  let examined = 0;
  for (const look of looksOf(evidence)) {
    const accuse: Accuse = (told) =>
      found.push({ time: look.requestedAt, until: look.bitingAt, text: `${told} (${look.id} at ${at(look.requestedAt)}).` });
    examined += one(look, accuse);
  }
  return conclude(property, examined, inTime(found), {
    holds: text(examined),
    nothing: "Nothing of the kind was seen of pods that were run as the manifests say.",
  });
}

/** With the settings of the manifests every pod comes up, and stays up for as long as it is alive; nothing in them leads nowhere. */
export const podsComeUp: Checker = (evidence) => {
  const check = judged(
    evidence,
    "pods run as the manifests say",
    (look, accuse) => {
      const { dangling = 0 } = look.numbers;
      if (dangling > 0) accuse(`${dangling} references among the manifests lead nowhere`);
      const pods = every(look, "restartedAlive");
      let seen = dangling > 0 ? 1 : 0;
      let unseen = 0;
      for (const { name, of } of pods) {
        const [restarted = 0, ended = 0] = [of("restartedAlive"), of("ended")];
        const ready = of("readyAfterMs") !== undefined;
        // One that the machine had not brought to life by then says nothing of its manifest.
        if (!ready && restarted === 0 && ended === 0 && of("listensAfterMs") === undefined) {
          unseen++;
          continue;
        }
        seen++;
        if (restarted > 0)
          accuse(`${name} was restarted ${restarted} times for its liveness probe, whose answer was an error, while it said that it was alive`);
        else if (!ready && ended > 0) accuse(`${name} ended ${ended} times of itself and was never ready`);
        else if (!ready) accuse(`${name} was alive and its readiness probe never said yes`);
      }
      // Nor do the others say that it comes up.
      return unseen > 0 ? 0 : seen;
    },
    (examined) => `${examined} pods came up with the settings of their manifests, and none was restarted.`,
  );
  // One reference that leads nowhere does so on a busy machine as well, and who said that it was alive had time to.
  const isPlain = looksOf(evidence).some(
    (look) => (look.numbers.dangling ?? 0) > 0 || every(look, "restartedAlive").some(({ of }) => (of("restartedAlive") ?? 0) > 0),
  );
  return isPlain ? check : concludeBound(evidence, readyWithinMs, check);
};

/** Each setting that the manifests give is one that the server looks at: with nonsense in its place it does not start. */
export const settingsAreRead: Checker = (evidence) =>
  judged(
    evidence,
    "settings of the manifests are the server's",
    (look, accuse) => {
      const settings = every(look, "heeded");
      for (const { name, of } of settings)
        if (of("heeded") === 0)
          accuse(`${name.replace(/^setting /, "")} was given nonsense, and the server served as if it had not: nobody reads it`);
      return settings.length;
    },
    (examined) => `The server looks at each of ${examined} settings: with nonsense in its place it did not start.`,
  );

/**
 * As corrected: without their database pods leave the Service, none is restarted, and all come back. That one was restarted although it said that it was alive, or ended of itself,
 * needs no bound in time: no busy machine excuses it.
 */
export const databaseRestartsNobody: Checker = (evidence) => {
  const away = (wanted: "plain" | "kept" | "not back"): Check =>
    judged(
      evidence,
      "an outage of the database restarts no pod",
      (look, accuse) => {
        const pods = every(look, "restartedAliveWithoutDatabase");
        for (const { name, of } of pods) {
          const [restarted = 0, ended = 0] = [of("restartedAliveWithoutDatabase"), of("endedWithoutDatabase")];
          if (wanted === "plain" && restarted > 0)
            accuse(`${name} was restarted ${restarted} times for its liveness probe while Postgres was down, though it said that it was alive`);
          if (wanted === "plain" && ended > 0) accuse(`${name} ended ${ended} times of itself while Postgres was down`);
          if (wanted === "kept" && of("saidReadyWithoutDatabase") === 1)
            accuse(`${name} was kept in the Service: its readiness probe said yes seconds after Postgres was stopped`);
          const stayed = restarted === 0 && ended === 0 && of("readyAfterMs") !== undefined && of("restartedWithoutDatabase") === 0;
          if (wanted === "not back" && stayed && of("back") === 0)
            accuse(`${name} did not come back to the Service within a minute of the start of Postgres`);
        }
        return pods.length;
      },
      (examined) => `${examined} pods left the Service while Postgres was down, none was restarted, and all came back.`,
    );
  return gravest([away("plain"), concludeBound(evidence, noticedWithinMs, away("kept")), concludeBound(evidence, readyWithinMs, away("not back"))]);
};

/** Pods that are taken away end by themselves within the grace of their manifest, and requests that were under way are answered. */
export const graceIsEnough: Checker = (evidence) => {
  let shortestMs = Number.POSITIVE_INFINITY;
  const check = judged(
    evidence,
    "the grace is long enough",
    (look, accuse) => {
      const pods = every(look, "killed");
      for (const { name, of } of pods) {
        shortestMs = Math.min(shortestMs, of("graceMs") ?? Number.POSITIVE_INFINITY);
        if (of("killed") === 1) accuse(`${name} was killed when its grace of ${ms(of("graceMs") ?? 0)} was over, with what it was doing`);
      }
      const { requestsUnderWay = 0, requestsAnswered = 0 } = look.numbers;
      if (requestsAnswered < requestsUnderWay)
        accuse(`${requestsUnderWay - requestsAnswered} of ${requestsUnderWay} requests under way when pods were taken away had no answer`);
      return requestsUnderWay > 0 ? pods.length : 0;
    },
    (examined) => `${examined} pods ended by themselves within their grace, and what was under way was answered.`,
  );
  return concludeBound(evidence, shortestMs, check);
};

/** The Service leads to where the pods listen. */
export const serviceLeadsToPods: Checker = (evidence) =>
  judged(
    evidence,
    "the Service leads to its pods",
    ({ numbers: { serviceAsked = 0, serviceAnswered = 0 } }, accuse) => {
      if (serviceAsked > 0 && serviceAnswered === 0)
        accuse(`None of ${serviceAsked} requests to the port of the Service was answered, while pods were ready`);
      return serviceAsked;
    },
    (examined) => `Requests to the port of the Service were answered by its pods (${examined} were asked).`,
  );

/** The manifest says these numbers, by the names that the look gives them. */
export function saysNumbers(claimed: Readonly<Record<string, number>>): Checker {
  return (evidence) =>
    judged(
      evidence,
      "the manifests say the claimed numbers",
      ({ numbers }, accuse) => {
        // A manifest that holds together no further was not read.
        if (!Object.keys(numbers).some((key) => key.startsWith("says "))) return 0;
        for (const [name, value] of Object.entries(claimed)) {
          const said = numbers[`says ${name}`];
          if (said !== value) accuse(`The manifests say ${said === undefined ? "nothing" : said} of ${name}, and ${value} is claimed`);
        }
        return Object.keys(claimed).length;
      },
      () =>
        `The manifests say ${Object.entries(claimed)
          .map(([name, value]) => `${name} ${value}`)
          .join(", ")}.`,
    );
}

/** HA-5: all pods that there may be, each with its pool full, have no more connections than Postgres allows them. */
export const connectionsSuffice: Checker = (evidence) =>
  judged(
    evidence,
    "Postgres has a connection for every pool",
    ({ numbers }, accuse) => {
      const [atMost = 0, allowed] = [numbers["says connectionsAtMost"], numbers["says connectionsAllowed"]];
      if (allowed === undefined || atMost === 0) return 0;
      if (atMost > allowed) accuse(`By the manifests all pods together may open ${atMost} connections, and Postgres allows them ${allowed}`);
      return atMost;
    },
    (examined) => `All pods together open ${examined} connections at most, which Postgres allows.`,
  );

/** Pods listen before they are first asked whether they are alive. */
export function listensInTime({ withinMs }: { readonly withinMs: number }): Checker {
  return (evidence) => {
    let slowestMs = 0;
    const check = judged(
      evidence,
      "pods listen before they are asked",
      (look, accuse) => {
        const pods = every(look, "listensAfterMs");
        for (const { name, of } of pods) {
          const afterMs = of("listensAfterMs") ?? 0;
          slowestMs = Math.max(slowestMs, afterMs);
          if (afterMs > withinMs + toleranceMs(evidence, withinMs))
            accuse(`${name} listened ${ms(afterMs)} after its start; it is asked whether it is alive after ${ms(withinMs)}`);
        }
        return pods.length;
      },
      (examined) => `${examined} pods listened within ${ms(slowestMs)} of their start.`,
    );
    return concludeBound(evidence, withinMs, { ...check, numbers: { slowestMs } });
  };
}
