import { everybodysWork, type Fault } from "./fault.ts";

export default {
  what: "SIGKILL of the load balancer and its workers; healed by starting it again on the same address.",
  prepare({ stack, ledger }) {
    const { balancer } = stack;
    const answers = (): Promise<boolean> =>
      balancer.version(500).then(
        () => true,
        () => false,
      );
    let pid: number | undefined;
    return {
      on: "balancer",
      working: () => everybodysWork(stack, ledger),
      async inject() {
        pid = balancer.pid();
        await balancer.kill();
      },
      bites: async () =>
        balancer.pid() === undefined && !(await answers()) ? `process ${pid} is gone and nobody answers on its address` : undefined,
      heal: () => balancer.start(),
      healed: async () => ((await answers()) ? `process ${balancer.pid()} answers` : undefined),
    };
  },
} satisfies Fault;
