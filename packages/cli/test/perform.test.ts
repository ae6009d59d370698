/** How a command that runs syncs ends where this program itself is mistaken. */
import * as Journal from "@openretl/core/Journal"
import type { TriggerEntry } from "@openretl/core/JournalEntry"
import { RunRef, SyncRef } from "@openretl/core/Ref"
import { WaitDeadlineExceeded } from "@openretl/core/Wait"
import { Cause, DateTime, Effect, Exit, Fiber, Stream } from "effect"
import { describe, expect, it, vi } from "vitest"
import type { AnyFleet } from "../src/Configuration.ts"
import type { Task } from "../src/internal/tasks/follow.ts"
import { readPending } from "../src/internal/tasks/pending.ts"
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

describe("the command that goes on", () => {
  const configuration = {
    workspaces: { crm: "rudderstack" },
    syncs: [],
    journal: { _tag: "Memory" },
    open: () => Effect.die("not opened"),
  } as const
  const refOf = (connection: string) => new SyncRef({ workspace: "crm", vendor: "rudderstack", ids: { connection } })
  const taskOf = (name: string, next: Task["next"]): Task => ({
    name,
    sync: refOf(name),
    settings: undefined,
    wait: {},
    next,
  })

  it("W2: after an ensure whose run the journal does not have, it waits for the newest run of the sync", async ({
    onTestFinished,
  }) => {
    const written: Array<string> = []
    const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0)
    onTestFinished(() => spy.mockRestore())
    const fleet: Pick<AnyFleet, "ensure"> = { ensure: () => Effect.never }
    const session = {
      fleet: fleet as AnyFleet,
      journal: Journal.memory(),
      location: { _tag: "Sqlite", filename: "journal.db" },
      configuration,
    } as const
    const tasks = [taskOf("orders", { _tag: "Ensure", options: { maxAge: "1 hour" } })]
    const judging = { policy: ["--policy", "minRows=1"], deadline: ["--deadline", "2 hours"] }
    const fiber = Effect.runFork(perform({ session, json: true, title: "", flags: [], judging, tasks }))
    await vi.waitFor(() => expect(written.join("")).toContain("triggering"))
    await Effect.runPromise(Fiber.interrupt(fiber))
    spy.mockRestore()
    expect(linesOf(written.join("")).at(-1)).toMatchObject({
      event: "end",
      interrupted: true,
      resume: "openretl wait orders --deadline '2 hours' --policy minRows=1",
    })
  })

  it("W7: after a wait that its deadline has ended, the deadline is not given again: it would be over at once", async ({
    onTestFinished,
  }) => {
    const written: Array<string> = []
    const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0)
    onTestFinished(() => spy.mockRestore())
    const run = new RunRef({ sync: refOf("orders"), run: "7" })
    const error = new WaitDeadlineExceeded({ ref: run, deadline: DateTime.makeUnsafe(0) })
    const fleet: Pick<AnyFleet, "wait" | "watch"> = { wait: () => Effect.fail(error), watch: () => Stream.fail(error) }
    const session = {
      fleet: fleet as AnyFleet,
      journal: Journal.memory(),
      location: { _tag: "Memory" },
      configuration,
    } as const
    const judging = { policy: ["--policy", "minRows=1"], deadline: ["--deadline", "2 minutes"] }
    const tasks = [taskOf("orders", { _tag: "Wait", run })]
    await Effect.runPromise(perform({ session, json: true, title: "", flags: [], judging, tasks }))
    spy.mockRestore()
    expect(linesOf(written.join("")).at(-1)).toMatchObject({
      ...{ event: "end", exitCode: 7, resume: expect.stringMatching(/^openretl wait \S+ --policy minRows=1$/) },
    })
  })

  it("W2: it has the entries of every page of the journal", async () => {
    const entryOf = (name: string): TriggerEntry =>
      ({
        kind: "trigger",
        state: "sent",
        id: name,
        identity: name,
        workspace: "crm",
        vendor: "rudderstack",
        baseUrl: "https://api.example",
        sync: refOf(name),
        attempt: 1,
        whenRunning: "fail",
        createdAt: DateTime.makeUnsafe(0),
      }) as unknown as TriggerEntry
    const pages: Readonly<Record<string, Journal.Listed>> = {
      first: { entries: [{ entry: entryOf("orders") }], unreadable: [], next: "second" },
      second: { entries: [{ entry: entryOf("refunds") }, { entry: entryOf("others") }], unreadable: [] },
    } as never
    const journal = { list: ({ after = "first" }) => Effect.succeed(pages[after]) } as unknown as Journal.Service
    const session = {
      fleet: {} as AnyFleet,
      journal,
      location: { _tag: "Sqlite", filename: "a.db" },
      configuration,
    } as const
    const tasks = ["orders", "refunds"].map((name) => taskOf(name, { _tag: "Ensure", options: { maxAge: "1 hour" } }))
    const { syncs, remarks } = await Effect.runPromise(readPending(session, tasks))
    expect(syncs).toEqual([String(refOf("orders")), String(refOf("refunds"))])
    expect(remarks).toHaveLength(2)
  })
})
