/** What only a container of its own lets be done to an instance: to its networks, its name service and its memory. */
import { readFileSync, writeFileSync } from "node:fs";
import type Docker from "dockerode";
import { until } from "../../base/clock.ts";
import { messageOf } from "../../base/errors.ts";
import type { InstanceContainer } from "../stack.ts";
import type { Container } from "./container.ts";

const mib = 2 ** 20;
/** Nobody answers there. */
const nobody = "nameserver 127.0.0.9\noptions timeout:1 attempts:1\n";

export function containerOf(docker: Docker, project: string, container: Container): InstanceContainer {
  const there = (): Docker.Container => docker.getContainer(container.id());
  return {
    async unplug(name) {
      const network = docker.getNetwork(`${project}_${name}`);
      const endpoint = (await there().inspect()).NetworkSettings.Networks[`${project}_${name}`];
      if (endpoint === undefined) throw new Error(`${container.service} was expected to be in the network ${name} and is not.`);
      const Container = container.id();
      await network.disconnect({ Container, Force: true });
      // Without its names nobody would find it again, and without its address the balancer would not.
      const { Aliases, IPAMConfig } = endpoint;
      return () => network.connect({ Container, EndpointConfig: { Aliases: Aliases ?? [], ...(IPAMConfig ? { IPAMConfig } : {}) } });
    },
    async networks() {
      const { NetworkSettings: settings } = await there().inspect();
      return Object.keys(settings.Networks).map((name) => name.slice(project.length + 1));
    },
    async loseNames() {
      const { ResolvConfPath: file } = await there().inspect();
      const usual = readFileSync(file, "utf8");
      // In place: the file itself is mounted.
      writeFileSync(file, nobody);
      return async () => writeFileSync(file, usual);
    },
    whyUnresolved: (name) =>
      container.exec(["node", "-e", `require("node:dns").lookup(${JSON.stringify(name)}, (error) => process.exit(error ? 3 : 0))`]).then(
        () => undefined,
        (error) => messageOf(error),
      ),
    async runOutOfMemory(spareMiB) {
      const { HostConfig: before } = await there().inspect();
      const { memory_stats: used } = await there().stats({ stream: false });
      const limit = Math.ceil(used.usage / mib + spareMiB) * mib;
      await there().update({ Memory: limit, MemorySwap: limit });
      // The kernel ends the largest, weighted by this: the instance, and not what asks for more.
      const pid = container.pid();
      if (pid !== undefined) writeFileSync(`/proc/${pid}/oom_score_adj`, "1000");
      const asks = `const held = []; for (let i = 0; i < 64; i++) held.push(Buffer.alloc(${mib}, 1)); setTimeout(() => held, 1000)`;
      await container.exec(["node", "-e", asks]).catch(() => {});
      await until(`${container.service} was expected to be ended for its memory`, () => (container.pid() === undefined ? true : undefined), {
        withinMs: 10_000,
      });
      return () => there().update({ Memory: before.Memory, MemorySwap: before.MemorySwap ?? -1 });
    },
    endedForMemory: async () => (await there().inspect()).State.OOMKilled,
  };
}
