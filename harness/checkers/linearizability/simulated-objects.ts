/** One simulated object for each model, by the model's name, with values so few that they repeat. For tests. */
import type { Json } from "../../core/history.ts";
import type { Random } from "../../core/random.ts";
import type { Simulated } from "./simulated.ts";

type Outcomes = ReturnType<Simulated<Json>["outcomes"]>;
const none: Outcomes = [];
const to = (state: Json, output: Json = null): Outcomes => [{ state, output }];
const few = (random: Random): number => random.integer(0, 2);
const list = (state: Json): readonly Json[] => state as readonly Json[];

const register: Simulated<Json> = {
  initial: null,
  ask: (random) => (random.next() < 0.5 ? ["read", null] : ["write", few(random)]),
  outcomes: (state, f, input) => (f === "read" ? to(state, state) : to(input)),
};

const casRegister: Simulated<Json> = {
  initial: null,
  ask: (random) => (random.next() < 0.4 ? ["cas", [few(random), few(random)]] : register.ask(random)),
  outcomes(state, f, input, client) {
    if (f !== "cas") return register.outcomes(state, f, input, client);
    const [from, next] = input as [number, number];
    return from === state ? to(next, input) : none;
  },
};

const keyValue: Simulated<Json> = {
  initial: "",
  ask: (random) => (random.next() < 0.5 ? ["get", null] : [random.pick(["put", "append"]), random.pick(["a", "b", "ab"])]),
  outcomes: (state, f, input) => (f === "get" ? to(state, state) : to(f === "put" ? input : `${state}${input}`)),
};

const counter: Simulated<Json> = {
  initial: 0,
  ask: (random) =>
    random.next() < 0.4
      ? ["read", null]
      : random.pick<readonly [string, Json]>([
          ["add", 2],
          ["add", -1],
          ["increment", null],
          ["decrement", 1],
        ]),
  outcomes(state, f, input) {
    if (f === "read") return to(state, state);
    const by = typeof input === "number" ? input : 1;
    return to((state as number) + (f === "decrement" ? -by : by));
  },
};

const equalCounter: Simulated<Json> = { ...counter, ask: (random) => (random.next() < 0.4 ? ["read", null] : ["add", 2]) };

const appendLog: Simulated<Json> = {
  initial: [],
  ask: (random) => (random.next() < 0.5 ? ["read", null] : ["append", random.integer(0, 20)]),
  outcomes: (state, f, input) => (f === "read" ? to(state, state) : to([...list(state), input])),
};

const set: Simulated<Json> = {
  initial: [],
  ask: (random) => (random.next() < 0.5 ? ["read", null] : [random.next() < 0.9 ? "add" : "remove", random.integer(0, 9)]),
  outcomes(state, f, input) {
    if (f === "read") return to(state, state);
    const others = list(state).filter((element) => element !== input);
    return to(f === "add" ? [...others, input].sort() : others);
  },
};

const askQueue = (random: Random): readonly [string, Json] => (random.next() < 0.5 ? ["dequeue", null] : ["enqueue", random.integer(0, 9)]);

const queue: Simulated<Json> = {
  initial: [],
  ask: askQueue,
  outcomes(state, f, input) {
    const elements = list(state);
    if (f === "enqueue") return to([...elements, input].sort());
    return elements.length === 0 ? to([]) : elements.map((element, i) => ({ state: elements.toSpliced(i, 1), output: element }));
  },
};

const fifoQueue: Simulated<Json> = {
  initial: [],
  ask: askQueue,
  outcomes(state, f, input) {
    const elements = list(state);
    return f === "enqueue" ? to([...elements, input]) : to(elements.slice(1), elements[0] ?? null);
  },
};

/** Where nobody finds it empty: it refuses instead. */
const refusing = (one: Simulated<Json>): Simulated<Json> => ({
  ...one,
  outcomes: (state, f, input, client) => (f === "dequeue" && list(state).length === 0 ? none : one.outcomes(state, f, input, client)),
});

const askLock = (random: Random): readonly [string, Json] => [random.pick(["acquire", "release"]), {}];

const mutex: Simulated<Json> = { initial: false, ask: askLock, outcomes: (held, f) => (held === (f === "release") ? to(!held) : none) };

const ownerMutex: Simulated<Json> = {
  initial: null,
  ask: askLock,
  outcomes: (owner, f, _, client) => (f === "acquire" ? (owner === null ? to(client) : none) : owner === client ? to(null) : none),
};

const highestToken = 12;

const fencedMutex: Simulated<Json> = {
  initial: [null, 0],
  ask: askLock,
  outcomes(state, f, _, client) {
    const [owner, last] = state as [string | null, number];
    if (f === "release") return owner === client ? to([null, last]) : none;
    if (owner !== null) return none;
    const tokens = Array.from({ length: highestToken - last }, (__, i) => last + 1 + i);
    // Its token may be unknown.
    return [...to([client, last], {}), ...tokens.map((fence) => ({ state: [client, fence], output: { fence } }))];
  },
};

const reentrantMutex: Simulated<Json> = {
  initial: [null, 0],
  ask: askLock,
  outcomes(state, f, _, client) {
    const [owner, holds] = state as [string | null, number];
    if (owner !== null && owner !== client) return none;
    if (f === "acquire") return to([client, holds + 1]);
    return owner === null ? none : to(holds === 1 ? [null, 0] : [owner, holds - 1]);
  },
};

const semaphore: Simulated<Json> = {
  initial: [],
  ask: askLock,
  outcomes(state, f, _, client) {
    const holders = list(state);
    if (f === "acquire") return holders.length < 2 ? to([...holders, client].sort()) : none;
    const at = holders.indexOf(client);
    return at < 0 ? none : to(holders.toSpliced(at, 1));
  },
};

/** By model; several of one where special cases have deciders of their own. */
export const objects: readonly (readonly [model: string, object: Simulated<Json>])[] = [
  ["register", register],
  ["register", { ...register, ask: (random) => (random.next() < 0.5 ? ["read", null] : ["write", random.integer(1, 30)]) }],
  ["cas-register", casRegister],
  [
    "cas-register",
    { ...casRegister, ask: (random) => (random.next() < 0.5 ? casRegister.ask(random) : ["cas", [random.integer(0, 2), random.integer(3, 9)]]) },
  ],
  ["key-value", keyValue],
  ["counter", counter],
  ["counter", equalCounter],
  ["append-log", appendLog],
  ["linearizable-set", set],
  ["queue", queue],
  ["queue", refusing(queue)],
  ["fifo-queue", fifoQueue],
  ["fifo-queue", refusing(fifoQueue)],
  ["mutex", mutex],
  ["owner-mutex", ownerMutex],
  ["fenced-mutex", fencedMutex],
  ["reentrant-mutex", reentrantMutex],
  ["semaphore", semaphore],
];
