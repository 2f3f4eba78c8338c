import { type Fault, instanceNamed, sectionOf } from "./fault.ts";

const answerWithinMs = 5000;

export default {
  what: "An operator clears a lock at another instance (POST to `path`, in which {subject} stands for what is locked; `held` is in the answer when somebody had it) while its holder is inside, which is then killed (SIGKILL); healed by starting that one again.",
  prepare({ stack, ledger, on, options }) {
    const section = sectionOf(ledger, on);
    if (section === undefined) return undefined;
    const { subject, instance: name } = section;
    const holder = instanceNamed(stack, name);
    const other = stack.instances().find((one) => one.role === holder.role && one !== holder);
    if (other === undefined) throw new Error(`A lock of ${name} was to be cleared through another instance of its role, and there is none.`);
    const path = String(options.path).replace("{subject}", encodeURIComponent(subject));
    let answer = "";
    return {
      on: name,
      working: () => ledger.working(name),
      async inject() {
        const cleared = await fetch(`http://127.0.0.1:${other.port}${path}`, { method: "POST", signal: AbortSignal.timeout(answerWithinMs) });
        answer = cleared.ok ? await cleared.text() : "";
        await holder.kill();
      },
      bites: async () =>
        answer.includes(String(options.held)) && holder.pid() === undefined && !(await holder.isReady(300))
          ? `${other.name} cleared the lock of ${subject}, and ${name}, which was inside, is gone`
          : undefined,
      heal: () => holder.start(),
      healed: async () => ((await holder.isReady(500)) ? `process ${holder.pid()} answers ready` : undefined),
    };
  },
} satisfies Fault;
