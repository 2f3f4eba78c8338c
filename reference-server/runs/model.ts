/** The simulated model: how long a step takes and what it says. A function of the run's seed and the step alone, so every attempt repeats it. */
import { createHash } from "node:crypto";
import type { RunInput } from "./run.ts";

/** No step takes longer, whatever its distribution draws (ms). */
const longestMs = 60_000;
/** Of the lognormal: about 1 in 20 steps takes more than 2.7 times the median. */
const sigma = 0.6;
/** Of the long tail: this share of the steps is drawn from a Pareto distribution with this exponent, whose variance is infinite. */
const tailShare = 0.05;
const tailExponent = 1.5;

const words = ["the", "answer", "follows", "from", "what", "was", "asked", "and", "can", "be", "checked", "by", "anyone", "who", "reads", "it"];

/** Uniform in (0, 1), the same for the same seed and name. */
function uniform(seed: string, name: string): number {
  return (createHash("sha256").update(`${seed} ${name}`).digest().readUIntBE(0, 6) + 0.5) / 2 ** 48;
}

/** What repeats of this run have in common: the seed of its input, else its id. */
export function seedOf(id: string, input: RunInput): string {
  return input.seed === undefined ? id : String(input.seed);
}

/** The model's time for the step in ms. `step_ms` is the fixed time, the lognormal's median, or what the body of the long tail takes. */
export function modelMs({ step_ms, latency }: RunInput, seed: string, step: number): number {
  if (latency === "lognormal") {
    // Box and Muller's transform of two uniform draws to a normal one.
    const normal = Math.sqrt(-2 * Math.log(uniform(seed, `radius ${step}`))) * Math.cos(2 * Math.PI * uniform(seed, `angle ${step}`));
    return Math.min(longestMs, step_ms * Math.exp(sigma * normal));
  }
  if (latency === "long_tail" && uniform(seed, `tail ${step}`) < tailShare) {
    return Math.min(longestMs, step_ms * uniform(seed, `length ${step}`) ** (-1 / tailExponent));
  }
  return step_ms;
}

/** What the agent answers in the end; undefined for a run that was asked nothing. */
export function answerOf({ query, agent_type }: RunInput): string | undefined {
  return query === undefined ? undefined : `Simulated answer of the ${agent_type} agent to: ${query}`;
}

/** The tokens that the step streams: the words of the answer, or as many as the input asks for. */
export function tokensOf(input: RunInput, seed: string, step: number): string[] {
  const { tokens = 0 } = input;
  const answer = answerOf(input);
  if (answer !== undefined && tokens > 0) return answer.match(/\s*\S+|\s+$/g) ?? [];
  return Array.from({ length: tokens }, (_, i) => ` ${words[Math.floor(uniform(seed, `word ${step} ${i}`) * words.length)]}`);
}
