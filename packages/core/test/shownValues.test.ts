/** What a run, a sync and a log line show of an answer that has the token. */
import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import { DateTime, Effect, Logger, References } from "effect"
import * as Context from "effect/Context"
import { CurrentWorkspace } from "../src/CurrentWorkspace.ts"
import type { Access, Snapshot } from "../src/driver/Driver.ts"
import * as Catalog from "../src/engine/configuration/catalog.ts"
import { Priority } from "../src/engine/rate-limit/rateLimit.ts"
import * as Redaction from "../src/http/redaction.ts"
import { RunRef } from "../src/model/Ref.ts"
import * as Workspace from "../src/Workspace.ts"
import * as Engine from "./support/engine.ts"
import * as FakeDriver from "./support/fakeDriver.ts"

const token = "sk/live+9f8e7d6c5b4a=="

/** A driver whose client has this token, and whose vendor has one run, as it is given. */
const vendorWith = (token: string, run: Partial<Snapshot>, access: Access = { shown: "a check" }) => {
  const { redact, add } = Redaction.make()
  add(token)
  const fake = FakeDriver.make()
  const snapshot: Snapshot = { run: "r1", status: "running", vendorStatus: "RUNNING", rows: {}, native: {}, ...run }
  const { runs } = fake.driver
  const driver = {
    ...fake.driver,
    redact,
    runs: { ...runs, get: () => Effect.succeed(snapshot) },
    check: () => Effect.succeed(access),
    workspaceId: "other",
  }
  return { ...fake, driver }
}

const ref = new RunRef({ sync: FakeDriver.sync(), run: "r1" })

describe("a run", () => {
  it.effect("H2: shows no form of the token in its texts, words and payload, and keeps the rest", () =>
    Effect.gen(function* () {
      const at = DateTime.makeUnsafe("2026-11-27T08:00:00Z")
      const echoes = [token, encodeURIComponent(token), btoa(`user:${token}`)]
      const native = { big: 12345678901234567890n, at, none: null, list: [token, 1], deep: { [token]: `a ${token}` } }
      const run = { vendorStatus: token, errorCode: token, errorText: echoes.join(" "), startedAt: at, native }
      const { context } = yield* Engine.make(Engine.none, {}, vendorWith(token, run))
      const shown = yield* context.get(ref, Priority.read)
      expect(shown.errorText).toBe("<redacted> <redacted> <redacted>")
      expect([shown.vendorStatus, shown.errorCode, shown.startedAt]).toEqual(["<redacted>", "<redacted>", at])
      expect(shown.native).toEqual({
        ...{ big: 12345678901234567890n, at, none: null, list: ["<redacted>", 1] },
        deep: { "<redacted>": "a <redacted>" },
      })
      for (const echo of echoes) expect(inspect(shown, { depth: 20, showHidden: true })).not.toContain(echo)
    }),
  )

  it.effect("H2, H5: keeps words and its payload where the token is a word, and cuts it out of the error text", () =>
    Effect.gen(function* () {
      const native = { sync: "sync", id: "sync-1" }
      const run = { run: "r1", vendorStatus: "sync_running", errorCode: "SYNC_FAILED", errorText: "no sync", native }
      const { context } = yield* Engine.make(Engine.none, {}, vendorWith("sync", run))
      const shown = yield* context.get(ref, Priority.read)
      expect(shown).toMatchObject({
        vendorStatus: "sync_running",
        errorCode: "SYNC_FAILED",
        errorText: "no <redacted>",
      })
      expect(shown.native).toBe(native)
    }),
  )

  it.effect("H4, H5: a long error text stays bounded, and a payload that JSON cannot show is left alone", () =>
    Effect.gen(function* () {
      const cycle: { self?: unknown } = {}
      cycle.self = cycle
      const errorText = "sync ".repeat(400)
      const { context } = yield* Engine.make(Engine.none, {}, vendorWith("sync", { errorText, native: cycle }))
      const shown = yield* context.get(ref, Priority.read)
      expect(shown.errorText).toHaveLength(2_000)
      expect(shown.native).toBe(cycle)
      const text = `${"x".repeat(70_000)} ${token}`
      const long = yield* Engine.make(Engine.none, {}, vendorWith(token, { native: { text } }))
      expect((yield* long.context.get(ref, Priority.read)).native).toEqual({ text: `${"x".repeat(70_000)} <redacted>` })
    }),
  )

  it.effect("H2: whose word no table lists is logged without the token", () =>
    Effect.gen(function* () {
      const lines: Array<unknown> = []
      const logger = Logger.make(({ fiber }) => lines.push(fiber.getRef(References.CurrentLogAnnotations)))
      const run = { status: "unknown", vendorStatus: "waiting_for_sync" } as const
      const { context } = yield* Engine.make(Engine.none, {}, vendorWith("sync", run))
      yield* Effect.provide(context.get(ref, Priority.read), Logger.layer([logger]))
      expect(lines).toMatchObject([{ vendorStatus: "(not a word)" }])
    }),
  )
})

describe("a sync and a check", () => {
  it.effect("H2: show no form of the token but in ids, and keep the rest", () =>
    Effect.gen(function* () {
      const { context } = yield* Engine.make(Engine.none, {}, vendorWith(token, {}))
      const base64 = btoa(`Bearer ${token}`)
      const sync = yield* Catalog.toSync(context, "getSync", {
        ...{ ids: { sync: "s1" }, name: `to ${token}`, state: "enabled", vendorState: token },
        ...{ connection: { source: { id: token } }, mode: "unknown", native: { [base64]: base64 } },
      } as never)
      expect(sync).toMatchObject({ name: "to <redacted>", vendorState: "<redacted>", state: "enabled" })
      expect(sync.native).toEqual({ "<redacted>": "<redacted>" })
      for (const echo of [token, base64]) expect(inspect(sync, { depth: 20, showHidden: true })).not.toContain(echo)
    }),
  )

  it.effect("H2: the id of another workspace is in an error without the token", () =>
    Effect.gen(function* () {
      const { driver } = vendorWith("sync", {}, { identity: { id: "sync-7" }, shown: "it" })
      const workspace = yield* Workspace.make({ name: "test", closeWithin: 0 }, driver)
      const { check } = Context.get(workspace.services, CurrentWorkspace)
      const error = yield* Effect.flip(check())
      expect(error.message).toContain('"<redacted>-7"')
      const { driver: other } = vendorWith(token, {}, { identity: { id: "other", name: token }, shown: "it" })
      const opened = yield* Workspace.make({ name: "test", closeWithin: 0 }, other)
      const access = yield* Context.get(opened.services, CurrentWorkspace).check()
      expect(access).toEqual({ identity: { id: "other", name: "<redacted>" }, shown: "it" })
    }).pipe(Effect.scoped),
  )
})
