import { describe, expect, it } from "vitest";
import { blamed, failure } from "./compose.ts";

describe("what Compose could not do is one sentence", () => {
  it.each([
    ["Bind for 127.0.0.1:8080 failed: port is already allocated", "choose another (HTTP_PORT)"],
    ["write /var/lib/docker/tmp/x: no space left on device", "make room"],
    ["pull access denied for pgvector/pgvector, repository does not exist", "name another (…_IMAGE)"],
  ])("%s", (said, next) => {
    const error = failure(["up", "--detach"], ` Container x  Starting\nError response from daemon: ${said}\n`);
    expect(error).toMatchObject({ status: 69, message: expect.stringContaining(next) });
    expect(error.message).toContain(`docker compose up was expected to succeed and failed: Error response from daemon: ${said}`);
    expect(error.message).not.toContain("\n");
  });

  it("and without blame for the machine where it is not known to be at fault", () => {
    const error = failure(["config"], "services.api.environment must be a mapping");
    expect(error).not.toHaveProperty("status");
    expect(error.message).toBe("docker compose config was expected to succeed and failed: services.api.environment must be a mapping");
  });
});

it("what the engine could not do for want of space is one, too", () => {
  const error = blamed("The engine was expected to import the image x:1 and failed: write /usr/bin/k6: no space left on device");
  expect(error).toMatchObject({ status: 69, message: expect.stringMatching(/no space left on device\. No space is left .*make room/) });
});
