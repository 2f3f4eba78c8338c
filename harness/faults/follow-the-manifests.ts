import { setTimeout as later } from "node:timers/promises";
import { everybodysWork, type Fault, type FaultContext } from "./fault.ts";
import { type Pod, statusOf } from "./tools/kubelet.ts";
import { connectionsIn, numbersOf } from "./tools/manifest-numbers.ts";
import { danglingIn, type PodSpec, podOf, type Resource, readResources, selects, workloadsOf } from "./tools/manifests.ts";
import { openPods, type Pods } from "./tools/pods.ts";
import { post } from "./tools/post.ts";
import { openService } from "./tools/service.ts";

const graceMs = 30_000;
/** Two of a Deployment show what all of them do. */
const podsOfEach = 2;
/** On a busy machine a start may take half a minute (ms). */
const readyWithinMs = 60_000;
const asksOfService = 20;
const answerWithinMs = 2000;
/** No setting may be this. */
const nonsense = "!";
const heededWithinMs = 30_000;
const everyMs = 50;
/** By then a server that has lost its database knows (ms). */
const noticedWithinMs = 3000;
/** Then clients have been led to a pod (ms). */
const arrivedMs = 1000;
const patienceMs = 30_000;

export default {
  what: "Not a fault but a cluster in small: beside the deployment, pods are run as the target's `manifests` say, with these settings and no others, and looked after as a kubelet does (periods are `faster` times as short); a Service leads to them; each setting is given nonsense in turn; Postgres is stopped for longer than liveness would bear; a request that takes `workMs` (POST of `body` to `path`) is under way while they are taken away.",
  needs: ["settings of their own"],
  layouts: ["single"],
  prepare(context) {
    const { stack, ledger, options } = context;
    const numbers: Record<string, number> = {};
    const open = new AsyncDisposableStack();
    let told: string | undefined;
    return {
      on: "manifests",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        if (!stack.openAnnex) throw new Error("A driver was expected that runs instances with settings of their own, and this one does not.");
        const files = String(options.manifests).split(",");
        const resources = readResources(await Promise.all(files.map((file) => stack.readTree(file))));
        const dangling = danglingIn(resources);
        numbers.dangling = dangling.length;
        told = `${resources.length} resources refer to each other; ${dangling.length === 0 ? "no reference leads nowhere" : dangling.join("; ")}`;
        if (dangling.length > 0) return;
        const deployments = workloadsOf(resources).filter(({ kind }) => kind === "Deployment");
        const front = deployments.find((one) => frontOf(resources, one) !== undefined);
        if (!front) throw new Error("A Service that leads to a Deployment was expected among the manifests, and there is none.");
        const pools = String(options.poolSettings ?? "").split(" ");
        const said = { ...numbersOf(resources, front), ...connectionsIn(resources, pools) };
        for (const [name, value] of Object.entries(said)) numbers[`says ${name}`] = value;
        const service = frontOf(resources, front) as Resource;
        const faster = Number(options.faster);
        const words = { live: String(options.live), portSetting: String(options.portSetting) };
        const pods = open.use(openPods({ annex: await stack.openAnnex(), resources, faster, ...words }));
        const specs = deployments.map((one) => podOf(resources, one));
        await Promise.all(specs.flatMap((spec) => Array.from({ length: podsOfEach }, () => pods.run(spec))));
        const began = performance.now();
        await allReady(pods);
        const leads = open.use(await openService(() => pods.endpoints(service)));
        const isFront = ({ spec }: Pod): boolean => selects(service, spec.labels);
        if (pods.all().some((pod) => isFront(pod) && pod.isReady())) {
          const answers = [];
          for (let n = 0; n < asksOfService; n++) answers.push(await statusOf("127.0.0.1", leads.port, words.live, answerWithinMs));
          Object.assign(numbers, { serviceAsked: answers.length, serviceAnswered: answers.filter((status) => status === 200).length });
        }
        await giveNonsense(pods, specs, numbers);
        await later(Math.max(0, began + restartedAfterMs(pods, faster) - performance.now()));
        noteStarts(pods, numbers);
        await takeDatabaseAway(context, pods, faster, numbers);
        await takePodsAway(context, pods, `http://127.0.0.1:${leads.port}`, isFront, numbers);
        told = `${pods.all().length} pods of ${deployments.length} Deployments were run as the manifests say`;
      },
      bites: async () => told,
      async heal() {
        if (!stack.postgres.isRunning()) await stack.postgres.start();
        await open.disposeAsync();
      },
      healed: async () => (stack.postgres.isRunning() ? "the pods are gone and Postgres is there" : undefined),
      numbers: () => numbers,
    };
  },
} satisfies Fault;

type Numbers = Record<string, number>;

/** The Service that leads to a Deployment. */
function frontOf(resources: readonly Resource[], { spec }: Resource): Resource | undefined {
  return resources.find((one) => one.kind === "Service" && selects(one, spec?.template?.metadata.labels ?? {}));
}

async function allReady(pods: Pods): Promise<void> {
  const deadline = performance.now() + readyWithinMs;
  while (!pods.all().every((pod) => pod.isReady()) && performance.now() < deadline) await later(everyMs);
}

/** When every pod that fails its liveness probe from its start on would have been restarted. */
const restartedAfterMs = (pods: Pods, faster: number): number =>
  Math.max(...pods.all().map(({ spec: { liveness } }) => liveness.delayMs + ((liveness.failures + 1) * liveness.periodMs) / faster));

function noteStarts(pods: Pods, numbers: Numbers): void {
  for (const { name, seen } of pods.all()) {
    const { readyAfterMs, listensAfterMs } = seen;
    Object.assign(numbers, {
      [`${name} restartedAlive`]: seen.restartedAlive,
      [`${name} restarted`]: seen.restarted,
      [`${name} ended`]: seen.ended.length,
    });
    if (readyAfterMs !== undefined) numbers[`${name} readyAfterMs`] = readyAfterMs;
    if (listensAfterMs !== undefined) numbers[`${name} listensAfterMs`] = listensAfterMs;
  }
}

/** Each setting once. */
async function giveNonsense(pods: Pods, specs: readonly PodSpec[], numbers: Numbers): Promise<void> {
  const settings = new Map(specs.flatMap((spec) => Object.keys(spec.environment).map((setting) => [setting, spec] as const)));
  for (const [setting, spec] of settings) {
    const became = await pods.tryWith(spec, setting, nonsense, heededWithinMs);
    if (became) numbers[`setting ${setting} heeded`] = became === "ended" ? 1 : 0;
  }
}

/** Postgres is away for longer than three failed probes take. */
async function takeDatabaseAway({ stack }: FaultContext, pods: Pods, faster: number, numbers: Numbers): Promise<void> {
  const before = new Map(pods.all().map(({ name, seen }) => [name, { ...seen, ends: seen.ended.length }]));
  await stack.postgres.stop?.("fast", graceMs);
  const awayAt = performance.now();
  const longest = Math.max(
    ...pods.all().map(({ spec: { liveness } }) => ((liveness.failures + 1) * liveness.periodMs) / faster + liveness.timeoutMs),
  );
  await later(noticedWithinMs + longest);
  for (const { name, seen } of pods.all()) {
    const { restartedAlive = 0, restarted = 0, ends = 0 } = before.get(name) ?? {};
    numbers[`${name} restartedAliveWithoutDatabase`] = seen.restartedAlive - restartedAlive;
    numbers[`${name} restartedWithoutDatabase`] = seen.restarted - restarted;
    numbers[`${name} endedWithoutDatabase`] = seen.ended.length - ends;
    numbers[`${name} saidReadyWithoutDatabase`] = seen.saidReadyAt > awayAt + noticedWithinMs ? 1 : 0;
  }
  await stack.postgres.start();
  const backAt = performance.now();
  await allReady(pods);
  numbers.allBackAfterMs = performance.now() - backAt;
  for (const pod of pods.all()) numbers[`${pod.name} back`] = pod.isReady() ? 1 : 0;
}

/** Those that the Service leads to go first, all at once, with requests under way; then the others. */
async function takePodsAway({ options }: FaultContext, pods: Pods, url: string, isFront: (pod: Pod) => boolean, numbers: Numbers): Promise<void> {
  const workMs = Number(options.workMs);
  // Who is not there, for whatever reason, says nothing of the grace.
  const clients = pods.all().every((pod) => pod.isReady()) ? Number(options.clients) : 0;
  const asked = Array.from({ length: clients }, () => post(`${url}${options.path}`, String(options.body), workMs + patienceMs));
  await later(arrivedMs);
  const remove = async (pod: Pod): Promise<void> => {
    const { how, afterMs, graceMs } = await pod.remove();
    Object.assign(numbers, {
      [`${pod.name} endedAfterMs`]: afterMs,
      [`${pod.name} killed`]: how === "signal SIGKILL" ? 1 : 0,
      [`${pod.name} graceMs`]: graceMs,
    });
  };
  await Promise.all(pods.all().filter(isFront).map(remove));
  const answers = await Promise.all(asked);
  numbers.requestsUnderWay = answers.length;
  numbers.requestsAnswered = answers.filter(({ status }) => status === 200).length;
  await Promise.all(
    pods
      .all()
      .filter((pod) => !isFront(pod))
      .map(remove),
  );
}
