import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { settledWithin } from "../clock.ts";
import { endWithUs } from "./end-with-us.ts";

describe("what a test starts", () => {
  it("ends with the process that started it, even when that is killed", async () => {
    const program = `
      import { spawn } from "node:child_process";
      import { endWithUs } from ${JSON.stringify(new URL("end-with-us.ts", import.meta.url).href)};
      const server = spawn("sh", ["-c", "sleep 600 & wait"], { detached: true, stdio: ["ignore", "inherit", "ignore"] });
      endWithUs(server.pid);
      console.log("started");
      setInterval(() => {}, 1000);`;
    const starter = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: ["ignore", "pipe", "inherit"] });
    await once(starter.stdout, "data");
    const exited = once(starter, "exit");
    // Its output ends when nobody is left who could write to it: neither the server nor the server's own child.
    const closed = once(starter, "close");
    starter.kill("SIGKILL");
    await exited;
    expect(await settledWithin(closed, 15_000)).toBe(true);
  });

  it("is left alone once it was disposed of", async () => {
    const server = spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
    const ended = once(server, "exit");
    endWithUs(server.pid)[Symbol.dispose]();
    server.kill("SIGTERM");
    expect(await ended).toEqual([null, "SIGTERM"]);
  });
});
