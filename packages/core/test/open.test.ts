/** Open workspaces: services in promises, their signals, their errors, and their end. */
import { spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { inspect } from "node:util"
import { afterAll, describe, expect, it } from "@effect/vitest"
import { Context, Effect, Redacted, Stream } from "effect"
import { buildSync } from "esbuild"
import { Cancellation } from "../src/Cancellation.ts"
import { Catalog } from "../src/Catalog.ts"
import { memory } from "../src/journal/Journal.ts"
import { JournalError, NotAJournal } from "../src/model/JournalError.ts"
import { RetlError } from "../src/model/RetlError.ts"
import * as Open from "../src/Open.ts"
import { ScopedTriggers } from "../src/ScopedTriggers.ts"
import { sync } from "./support/fakeDriver.ts"
import { collected, denied, inWorkspace, opening, options, record, ref, rejected } from "./support/opened.ts"

describe("what an open workspace can do", () => {
  it("is what its services can: promises, iterables, data", async () => {
    const { context } = record()
    await using crm = await inWorkspace(context)
    expect(await crm.run(sync(), { whenRunning: "wait" })).toBe("ran")
    expect(await crm.freshness(sync(), { warnAfter: "1 hour" })).toEqual({ _tag: "Never" })
    expect(await crm.pending()).toEqual(["entry"])
    expect(crm.workspace.name).toBe("test")
    expect(await rejected(collected(crm.watch(ref, { signal: AbortSignal.abort() })))).toMatchObject({
      name: "AbortError",
    })
    expect(crm.syncRef({ sync: "s9" })).toEqual(sync("s9"))
    expect(Open.parseRun(ref.toString())).toEqual(ref)
    expect(() => Open.parseSync("nonsense")).toThrow(/Expected/)
    expect("cancel" in crm || "syncs" in crm).toBe(false)
  })

  it("has what further services add, and no more", async () => {
    const { context, note } = record()
    const more = context.pipe(
      Context.add(Cancellation, { cancel: () => Effect.as(note("cancel"), "cancelled") } as never),
      Context.add(Catalog, { list: Stream.make("a", "b"), get: () => Effect.succeed("a") } as never),
    )
    await using crm = await inWorkspace(more)
    expect(await crm.cancel(ref)).toBe("cancelled")
    expect(await collected(crm.syncs.list())).toEqual(["a", "b"])
    expect(await crm.syncs.get(sync())).toBe("a")
    expect(Object.keys(crm.syncs)).toEqual(["list", "get"])
  })

  it("takes a scope where the vendor has scopes", async () => {
    const { context, did, services } = record()
    await using crm = await inWorkspace(Context.add(context, ScopedTriggers, services.scoped as never))
    await crm.run(sync(), { whenRunning: "wait" })
    await crm.run(sync(), { whenRunning: "wait", scope: "full" })
    expect(did).toEqual([
      ["run", sync(), { whenRunning: "wait" }],
      ["scoped run", sync(), { whenRunning: "wait", scope: "full" }],
    ])
  })
})

describe("signals", () => {
  it("W2: a signal stops the wait with an AbortError, and does not reach the service", async () => {
    const { context, did } = record()
    await using crm = await inWorkspace(context)
    const controller = new AbortController()
    const waiting = crm.wait(ref, { deadline: "2 hours", signal: controller.signal })
    controller.abort()
    const error = await rejected(waiting)
    expect(error).toBeInstanceOf(DOMException)
    expect(error).toMatchObject({ name: "AbortError" })
    expect(did).toEqual([["wait", ref, { deadline: "2 hours" }], ["interrupted"]])
  })

  it("a signal that is aborted already: nothing is sent", async () => {
    const { context, did } = record()
    await using crm = await inWorkspace(context)
    const reason = new Error("the page was left")
    const signal = AbortSignal.abort(reason)
    expect(await rejected(crm.run(sync(), { whenRunning: "wait", signal }))).toBe(reason)
    expect(await rejected(crm.pending({ signal }))).toBe(reason)
    expect(await rejected(collected(crm.list(sync(), { signal })))).toBe(reason)
    expect(did).toEqual([])
  })

  it("a signal that is none is refused, and nothing is sent", async () => {
    const { context, did } = record()
    await using crm = await inWorkspace(context)
    const error = await rejected(crm.run(sync(), { whenRunning: "wait", signal: "soon" as never }))
    expect(error).toMatchObject({ code: "retl.invalid-request", delivery: "not-sent" })
    expect(String(error)).toContain("signal: Expected an AbortSignal")
    expect(did).toEqual([])
  })

  it("a signal ends an iteration that waits, and so does leaving it", async () => {
    const { context, did } = record()
    await using crm = await inWorkspace(context)
    const controller = new AbortController()
    const seen: Array<unknown> = []
    const watching = (async () => {
      for await (const run of crm.watch(ref, { signal: controller.signal })) {
        seen.push(run)
        queueMicrotask(() => controller.abort())
      }
    })()
    expect(await rejected(watching)).toMatchObject({ name: "AbortError" })
    expect(seen).toEqual(["first"])
    expect(did).toEqual([["interrupted"]])
    for await (const run of crm.watch(ref)) {
      seen.push(run)
      break
    }
    expect(seen).toEqual(["first", "first"])
  })
})

describe("errors", () => {
  it("are the services' own, with the line of the caller", async () => {
    const { context } = record()
    await using crm = await inWorkspace(context)
    async function handler() {
      return await crm.get(ref)
    }
    const error = await rejected(handler())
    expect(error).toBeInstanceOf(RetlError)
    expect(error).not.toBe(denied)
    expect(error).toMatchObject({ ...denied, code: denied.code })
    for (const text of [String((error as Error).stack), inspect(error)]) {
      expect(text).toContain(denied.guidance)
      expect(text.split("\n").at(-1)).toMatch(/^ {4}at handler \(.*open\.test\.ts:\d+:\d+\)$/)
    }
  })

  it("come out of an iteration after what it had", async () => {
    const { context } = record()
    await using crm = await inWorkspace(context)
    const seen: Array<unknown> = []
    const error = await rejected(
      (async () => {
        for await (const run of crm.list(sync())) seen.push(run)
      })(),
    )
    expect(seen).toEqual([1, 2])
    expect(error).toMatchObject({ code: denied.code, at: expect.stringContaining("open.test.ts") })
  })

  it("of functions that return no promise have the line of the caller, too", async () => {
    const { context } = record()
    await using crm = await opening(context, Effect.void, Effect.fail(denied)).open(options)
    const thrown: ReadonlyArray<() => unknown> = [
      () => Open.parseRun("nonsense"),
      () => Open.parseSync("nonsense"),
      () => crm.syncRef({ sync: "s1" }),
    ]
    for (const call of thrown)
      expect(call).toThrow(expect.objectContaining({ at: expect.stringContaining("open.test.ts") }))
  })

  it("a defect rejects as it is", async () => {
    const { context } = record()
    await using crm = await inWorkspace(context)
    expect(await rejected(crm.workspace.check())).toBe("a bug")
  })
})

describe("closing", () => {
  it("stops what waits, closes once, and refuses what comes later", async () => {
    const { context, did, note } = record()
    const crm = await inWorkspace(context, note("closed"))
    const waiting = rejected(crm.wait(ref))
    const iterator = crm.watch(ref)[Symbol.asyncIterator]()
    expect(await iterator.next()).toEqual({ done: false, value: "first" })
    const watching = rejected(iterator.next())
    await Promise.all([crm.close(), crm.close(), crm[Symbol.asyncDispose]()])
    for (const error of [await waiting, await watching]) {
      expect(error).toMatchObject({ code: "retl.stopped", delivery: "unknown", run: ref })
      expect(String(error)).toContain("pending shows")
    }
    expect(did).toEqual([["wait", ref], ["interrupted"], ["interrupted"], ["closed"]])
    const late = await rejected(crm.run(sync(), { whenRunning: "wait" }))
    expect(late).toMatchObject({ code: "retl.stopped", delivery: "not-sent", operation: "run", workspace: "test" })
    expect(await rejected(collected(crm.list(sync())))).toMatchObject({ code: "retl.stopped" })
    expect(did).toHaveLength(4)
  })
})

describe("options", () => {
  it("every problem at once, unknown names too, and nothing is opened", async () => {
    const { open, seen } = opening(Context.empty())
    const error = await rejected(
      open({ name: "no spaces", token: "", regoin: "us", logLevel: "loud", readTimeout: "soon" } as never),
    )
    expect(error).toMatchObject({
      code: "retl.invalid-request",
      delivery: "not-sent",
      at: expect.stringContaining("at "),
    })
    for (const field of ["name", "token", "regoin", "logLevel", "readTimeout"])
      expect(String(error)).toContain(`${field}: Expected`)
    expect(String(error)).toContain("token: Expected a token: there is none")
    for (const nothing of [undefined, null, 7, "crm"]) {
      expect(await rejected(open(nothing as never))).toMatchObject({ code: "retl.invalid-request" })
    }
    expect(seen).toEqual([])
  })

  it("a token is a string, a Redacted, or a function, and no error shows it", async () => {
    const { open, seen } = opening(Context.empty())
    await open({ ...options, token: "secret-token" })
    await open({ ...options, token: Redacted.make("secret-token") })
    await open({ ...options, token: () => "secret-token" })
    await open({ ...options, token: async () => Redacted.make("secret-token") })
    const tokens = await Promise.all(
      seen.map(async ({ token }) =>
        Redacted.isRedacted(token) ? token : await Effect.runPromise(token as Effect.Effect<Redacted.Redacted>),
      ),
    )
    expect(tokens.map((token) => Redacted.value(token))).toEqual(Array.from({ length: 4 }, () => "secret-token"))
    const error = await rejected(open({ ...options, token: "secret token with spaces" }))
    expect(inspect(error) + JSON.stringify(error)).not.toContain("secret token")
  })

  it("J: a journal is a service, an effect that opens one, a file or a URL", async () => {
    const { open, seen } = opening(Context.empty())
    const journal = memory()
    await open({ ...options, journal })
    await open({ ...options, journal: Effect.succeed(journal) })
    expect(seen.map((options) => options.journal)).toEqual([journal, journal])
    const broken = new JournalError({
      store: "SQLite",
      operation: "open",
      reason: new NotAJournal({ instead: "a picture" }),
    })
    expect(await rejected(open({ ...options, journal: Effect.fail(broken) }))).toMatchObject({
      code: "retl.journal-failed",
      guidance: broken.guidance,
    })
    for (const text of ["", "mysql://localhost/retl"]) {
      const error = await rejected(open({ ...options, journal: text }))
      expect(String(error)).toContain("journal: Expected a file name, or a postgres:// URL")
    }
    expect(seen).toHaveLength(2)
  })
})

describe("a journal by its name", () => {
  const folder = mkdtempSync(join(tmpdir(), "openretl-open-"))
  afterAll(() => rmSync(folder, { recursive: true }))

  it("J: opens a file with the package of journals, and closes it with the workspace", async () => {
    const { open, seen } = opening(Context.empty())
    const filename = join(folder, "retl.db")
    const crm = await open({ ...options, journal: filename })
    expect(existsSync(`${filename}-wal`)).toBe(true)
    expect(typeof seen[0]?.journal?.claim).toBe("function")
    await crm.close()
    expect(existsSync(`${filename}-wal`)).toBe(false)
    const error = await rejected(open({ ...options, journal: folder }))
    expect(error).toMatchObject({ code: "retl.journal-failed", delivery: "not-sent", vendor: "fake" })
    const refused = await rejected(open({ ...options, journal: "postgres://me:secret@127.0.0.1:1/retl" }))
    expect(refused).toMatchObject({ code: "retl.journal-failed", delivery: "not-sent" })
    expect(inspect(refused)).not.toContain("secret")
  })

  it("says which package is missing where there is none", () => {
    const outfile = join(folder, "program.mjs")
    const entry = join(import.meta.dirname, "openProgram.ts")
    const conditions = ["@openretl/source"]
    buildSync({ entryPoints: [entry], outfile, bundle: true, format: "esm", platform: "node", conditions })
    const { stderr, status } = spawnSync(process.execPath, [outfile], { encoding: "utf8" })
    expect(stderr).toContain("journal: Expected @openretl/journal-sql to be installed")
    expect(status).toBe(0)
  })
})
