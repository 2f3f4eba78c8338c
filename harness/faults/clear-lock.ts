import { type Fault, instanceNamed, sectionOf } from "./fault.ts";

const answerWithinMs = 5000;

export default {
  what: "An operator clears a lock at another instance (POST to `path`, in which {subject} stands for what is locked; `held` is in the answer when somebody had it) while its holder is inside, which is then killed (SIGKILL), and healed by starting it again; with `spare` 1 it works on, and is left to find out.",
  prepare({ stack, ledger, on, options }) {
    const section = sectionOf(ledger, on);
    if (section === undefined) return undefined;
    const { subject, token, instance: name } = section;
    const holder = instanceNamed(stack, name);
    const other = stack.instances().find((one) => one.role === holder.role && one !== holder);
    if (other === undefined) throw new Error(`A lock of ${name} was to be cleared through another instance of its role, and there is none.`);
    const spared = options.spare === 1;
    const path = String(options.path).replace("{subject}", encodeURIComponent(subject));
    let answer = "";
    return {
      on: name,
      working: () => ledger.working(name),
      async inject() {
        const cleared = await fetch(`http://127.0.0.1:${other.port}${path}`, { method: "POST", signal: AbortSignal.timeout(answerWithinMs) });
        answer = cleared.ok ? await cleared.text() : "";
        if (!spared) await holder.kill();
      },
      async bites() {
        if (!answer.includes(String(options.held))) return undefined;
        if (spared) return `${other.name} cleared the lock of ${subject}, and was told that somebody had it: ${name}, with token ${token}`;
        return holder.pid() === undefined && !(await holder.isReady(300))
          ? `${other.name} cleared the lock of ${subject}, and ${name}, which was inside, is gone`
          : undefined;
      },
      numbers: () => ({ revokedToken: token }),
      heal: async () => (spared ? undefined : holder.start()),
      healed: async () => ((await holder.isReady(500)) ? `process ${holder.pid()} answers ready` : undefined),
    };
  },
} satisfies Fault;
