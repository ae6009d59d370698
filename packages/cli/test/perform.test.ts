/** How a command that runs syncs ends where this program itself is mistaken. */
import * as Journal from "@openretl/core/Journal"
import { SyncRef } from "@openretl/core/Ref"
import { Cause, Effect, Exit } from "effect"
import { expect, it, vi } from "vitest"
import type { AnyFleet } from "../src/Configuration.ts"
import { perform } from "../src/internal/tasks/perform.ts"
import { linesOf } from "./support/program.ts"

it("a mistake in this program is no success: the report ends with 70, and the mistake is not swallowed", async ({
  onTestFinished,
}) => {
  const written: Array<string> = []
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0)
  onTestFinished(() => spy.mockRestore())
  const sync = new SyncRef({ workspace: "crm", vendor: "rudderstack", ids: { connection: "1" } })
  const fleet: Pick<AnyFleet, "trigger"> = { trigger: () => Effect.die("a mistake") }
  const exit = await Effect.runPromise(
    Effect.exit(
      perform({
        session: {
          fleet: fleet as AnyFleet,
          journal: Journal.memory(),
          location: { _tag: "Memory" },
          configuration: {
            workspaces: { crm: "rudderstack" },
            syncs: [],
            journal: { _tag: "Memory" },
            open: () => Effect.die("not opened"),
          },
        },
        json: true,
        title: "",
        flags: [],
        tasks: [
          {
            name: "orders",
            sync,
            settings: undefined,
            wait: {},
            next: { _tag: "Trigger", options: { whenRunning: "fail" } },
          },
        ],
      }),
    ),
  )
  spy.mockRestore()
  expect(Exit.isFailure(exit) && Cause.squash(exit.cause)).toBe("a mistake")
  expect(linesOf(written.join("")).at(-1)).toMatchObject({ event: "end", exitCode: 70 })
})
