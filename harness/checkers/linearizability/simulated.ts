/** Executions of objects that are linearizable by construction, and the slow proof by trying every order. For tests. */
import type { Json, Operation, Outcome } from "../../core/history.ts";
import type { ModelOptions } from "../../core/model.ts";
import type { Random } from "../../core/random.ts";
import { nameOf } from "./values.ts";

export const options: ModelOptions = { partition: true, timeLimitMs: 60_000, memoryLimitBytes: 64 * 1024 * 1024, now: () => 0 };

/** An object as its clients see it, written without regard to the models. */
export interface Simulated<State> {
  readonly initial: State;
  /** What a client asks next. */
  ask(random: Random): readonly [f: string, input: Json];
  /** What may come of it: none, where the object refuses. */
  outcomes(state: State, f: string, input: Json, client: string): readonly { readonly state: State; readonly output: Json }[];
}

export interface Plan {
  readonly operations: number;
  readonly clients: number;
  /** Share of operations whose answer is lost, whether or not they happened. */
  readonly lost: number;
}

/** Each client asks, the object acts at some moment in between, and the client hears: times are small whole numbers, often equal. */
export function simulate<State>(object: Simulated<State>, random: Random, plan: Plan): Operation[] {
  const clients = Array.from({ length: plan.clients }, (_, i) => ({ name: `c${i}`, life: 0, freeAt: random.integer(0, 3) }));
  const calls = Array.from({ length: plan.operations }, () => {
    const client = random.pick(clients);
    const invokedAt = client.freeAt;
    const isLost = random.next() < plan.lost;
    const actsAt = invokedAt + random.integer(0, 4);
    const answeredAt = actsAt + random.integer(0, 4);
    const process = `${client.name}.${client.life}`;
    client.freeAt = answeredAt + random.integer(0, 2);
    if (isLost) client.life++;
    return { client: client.name, process, invokedAt, answeredAt, isLost, actsAt: isLost ? actsAt + random.integer(0, 20) : actsAt };
  });
  // The order in which the object acts is the one that proves it.
  let state = object.initial;
  const operations = calls
    .sort((a, b) => a.actsAt - b.actsAt)
    .map(({ client, process, invokedAt, answeredAt, isLost }): Operation => {
      const [f, input] = object.ask(random);
      const possible = isLost && random.next() < 0.5 ? [] : object.outcomes(state, f, input, client);
      const chosen = possible.length === 0 ? undefined : random.pick(possible);
      if (chosen !== undefined) state = chosen.state;
      const outcome: Outcome = isLost ? "info" : chosen === undefined ? "fail" : "ok";
      return {
        index: 0,
        process,
        f,
        key: "",
        input: input === null || typeof input !== "object" || Array.isArray(input) ? input : { ...input, client },
        output: outcome === "ok" && chosen !== undefined ? chosen.output : null,
        intendedAt: invokedAt,
        invokedAt,
        completedAt: isLost ? Number.POSITIVE_INFINITY : answeredAt,
        answeredAt,
        outcome,
        served: isLost ? "error" : "yes",
        error: "",
        by: "",
      };
    });
  return operations.sort((a, b) => a.invokedAt - b.invokedAt).map((operation, index) => ({ ...operation, index }));
}

/** Whether some order of the operations is one that the object could have gone through: all orders, without any cleverness. */
export function isLinearizable<State>(object: Simulated<State>, operations: readonly Operation[], state: State = object.initial): boolean {
  const ok = operations.filter(({ outcome }) => outcome === "ok");
  if (ok.length === 0) return true;
  const firstReturn = Math.min(...ok.map(({ completedAt }) => completedAt));
  return operations.some((operation) => {
    if (operation.outcome === "fail" || operation.invokedAt > firstReturn) return false;
    const rest = operations.filter((other) => other !== operation);
    return object
      .outcomes(state, operation.f, operation.input, clientNamed(operation))
      .some(
        (outcome) =>
          (operation.outcome === "info" || nameOf(outcome.output) === nameOf(operation.output)) && isLinearizable(object, rest, outcome.state),
      );
  });
}

const clientNamed = ({ input }: Operation): string => (input !== null && typeof input === "object" && "client" in input ? `${input.client}` : "");
