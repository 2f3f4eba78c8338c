import { everybodysWork, type Fault } from "./fault.ts";
import { type Asked, askFrom } from "./tools/from-address.ts";

const allowedNetwork = "127.31.0.0/16";
const allowedAddress = "127.33.0.5";
const allowed = ["127.31.0.1", "127.31.7.9", allowedAddress];
const denied = ["127.32.0.1", "127.30.255.254", "127.33.0.6"];
/** What a client can say of where it comes from. */
const pretences: readonly Readonly<Record<string, string>>[] = [
  { "X-Forwarded-For": allowed[0] ?? "" },
  { "X-Forwarded-For": `${allowed[0]}, ${denied[0]}` },
  { "X-Real-IP": allowed[0] ?? "" },
  { Forwarded: `for=${allowed[0]}` },
];
const forbidden = 403;
/** From this status on. */
const mistake = 500;
const rounds = 5;

export default {
  what: "Not a fault but a list: another balancer lets only one network and one address ask for each of `path` (separated by commas), and clients within and outside of it ask, some with a header that pretends another address.",
  needs: ["client addresses"],
  prepare({ stack, ledger, options }) {
    const paths = String(options.path).split(",");
    const numbers: Record<string, number> = {};
    let limiting: AsyncDisposable | undefined;
    const note = (kind: string, all: readonly Asked[]): void => {
      // Who may ask has to be answered, and not with a mistake; of those who may not, whoever got another answer than the refusal was let in.
      const asked = all.filter(({ status }) => kind === "allowed" || status !== 0);
      const letIn = asked.filter(({ status }) => status !== forbidden && (kind !== "allowed" || (status > 0 && status < mistake)));
      numbers[`${kind} asked`] = (numbers[`${kind} asked`] ?? 0) + asked.length;
      numbers[`${kind} letIn`] = (numbers[`${kind} letIn`] ?? 0) + letIn.length;
    };
    return {
      on: "balancer",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        const balancer = await stack.addBalancer({ securityAllow: [allowedNetwork, allowedAddress] });
        limiting = balancer;
        // A key for a resend is what sends a request another way through the balancer.
        const ask = (from: string, headers: Readonly<Record<string, string>>): readonly Promise<Asked>[] =>
          paths.flatMap((path) => [
            askFrom(from, { port: balancer.port, path, headers }),
            askFrom(from, { port: balancer.port, path, method: "POST", headers: { ...headers, "Idempotency-Key": crypto.randomUUID() } }),
          ]);
        for (let i = 0; i < rounds; i++) {
          note("allowed", await Promise.all(allowed.flatMap((from) => ask(from, {}))));
          note("denied", await Promise.all(denied.flatMap((from) => ask(from, {}))));
          note("pretending", await Promise.all(denied.flatMap((from) => pretences.flatMap((headers) => ask(from, headers)))));
        }
      },
      bites: async () => `clients within ${allowedNetwork}, of ${allowedAddress} and of others asked`,
      heal: async () => limiting?.[Symbol.asyncDispose](),
      healed: async () => "the other balancer is gone",
      numbers: () => numbers,
    };
  },
} satisfies Fault;
