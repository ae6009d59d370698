/** Open workspaces against hostile callers: odd signals, options that cannot be read, names of journals that are none. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it, onTestFinished } from "@effect/vitest"
import { Context, Effect, References, Schema, Stream } from "effect"
import { CurrentWorkspace } from "../src/CurrentWorkspace.ts"
import * as Options from "../src/driver/Options.ts"
import { memory } from "../src/journal/Journal.ts"
import * as Input from "../src/model/Input.ts"
import { RunRef } from "../src/model/Ref.ts"
import * as Open from "../src/Open.ts"
import { Runs } from "../src/Runs.ts"
import { ScopedTriggers } from "../src/ScopedTriggers.ts"
import { sync } from "./support/fakeDriver.ts"

const VendorOptions = Schema.Struct({ ...Options.fields, ...Options.connectionFields })
type VendorOptions = typeof VendorOptions.Type

const Trigger = Input.decoder(Schema.Struct({ whenRunning: Schema.String, key: Schema.optionalKey(Schema.String) }))

/** Opens a workspace that notes the options of its triggers, decoded, and its own log level. */
const opening = () => {
  const did: Array<unknown> = []
  const note = (of: string) => (_: unknown, options: unknown) => Effect.sync(() => did.push([of, Trigger(options)]))
  const services = Context.empty().pipe(
    Context.add(Runs, {
      run: note("run"),
      trigger: note("trigger"),
      list: () => Stream.make(1),
      wait: (run: RunRef) => (run.run === "closed" ? Effect.interrupt : Effect.never),
      watch: () => Stream.concat(Stream.make(1), Stream.fromEffect(Effect.interrupt)),
    } as never),
    Context.add(ScopedTriggers, { run: note("scoped run") } as never),
    Context.add(CurrentWorkspace, { name: "test" } as never),
  )
  const open = Open.opener<VendorOptions, Runs | CurrentWorkspace | ScopedTriggers, { sync: string }>({
    vendor: "fake",
    issues: Input.issues(VendorOptions),
    workspace: ({ name }) =>
      Effect.gen(function* () {
        did.push(yield* References.MinimumLogLevel)
        return { name, vendor: "fake", services } as never
      }),
    syncRef: (name, ids) => Effect.succeed(sync(ids.sync, name)),
  })
  return { did, open }
}

const options = { name: "test", token: "secret-token" } as const

const rejected = async (promise: Promise<unknown>): Promise<unknown> => {
  try {
    await promise
  } catch (error) {
    return error
  }
  return expect.fail("the promise was not rejected")
}

describe("signals", () => {
  class Left extends Error {
    readonly guidance = "come back"
    constructor(page: string) {
      super(`${page} was left`)
    }
  }

  it("W2: the signal's reason is the caller's own, whatever it is", async () => {
    await using crm = await opening().open(options)
    const ref = new RunRef({ sync: sync(), run: "r1" })
    const reason = new Left("the page")
    expect(await rejected(crm.wait(ref, { signal: AbortSignal.abort(reason) }))).toBe(reason)
    const controller = new AbortController()
    const waiting = crm.wait(ref, { signal: controller.signal })
    controller.abort(reason)
    expect(await rejected(waiting)).toBe(reason)
    expect(reason.message).toBe("the page was left")
  })
})

describe("iterables", () => {
  it("one whose workspace is closed beside it says so, as a call does", async () => {
    const { open } = opening()
    await using crm = await open(options)
    await using fleet = await Open.openFleet({ test: crm })
    const ref = new RunRef({ sync: sync(), run: "closed" })
    const stopped = { code: "retl.stopped", delivery: "unknown", at: expect.stringContaining("openHostile.test.ts") }
    expect(await rejected(fleet.wait(ref))).toMatchObject({ ...stopped, operation: "wait" })
    const iterator = fleet.watch(ref)[Symbol.asyncIterator]()
    expect(await iterator.next()).toEqual({ done: false, value: 1 })
    expect(await rejected(iterator.next())).toMatchObject({ ...stopped, operation: "watch" })
  })
})

describe("options of calls", () => {
  class Nightly {
    readonly whenRunning = "wait"
    get key() {
      return "nightly"
    }
  }
  class Stoppable extends Nightly {
    readonly signal = AbortSignal.timeout(60_000)
  }
  const decoded = { success: { whenRunning: "wait", key: "nightly" } }

  it("what an object inherits counts, beside a signal and a scope, too", async () => {
    const { did, open } = opening()
    await using crm = await open(options)
    await crm.trigger(sync(), new Nightly())
    await crm.trigger(sync(), new Stoppable())
    await crm.run(sync(), new Nightly())
    await crm.run(sync(), new Stoppable())
    const fleet = await Open.openFleet({ test: crm })
    await fleet.trigger(sync(), new Nightly())
    await fleet.run(sync(), new Stoppable())
    const calls = ["trigger", "trigger", "run", "run", "trigger", "run"]
    expect(did.slice(1)).toMatchObject(calls.map((of) => [of, decoded]))
  })

  it("options that cannot be read are refused by the call, which never throws", async () => {
    const { did, open } = opening()
    await using crm = await open(options)
    const boom = () => {
      throw new Error("boom")
    }
    for (const hostile of [
      new Proxy({}, { has: boom }),
      new Proxy({ signal: undefined }, { ownKeys: boom, getOwnPropertyDescriptor: boom }),
      Object.defineProperty({ signal: undefined }, "key", { get: boom, enumerable: true }),
    ]) {
      await crm.run(sync(), hostile as never)
      await crm.trigger(sync(), hostile as never)
    }
    const unreadable = { failure: [{ message: "Expected a value that can be read" }] }
    expect(did.slice(1)).toMatchObject(Array.from({ length: 6 }, (_, at) => [at % 2 ? "trigger" : "run", unreadable]))
  })
})

describe("options of open", () => {
  it("H6: an instance of a class has what it inherits, and names that are none are still found", async () => {
    class Config {
      readonly name = "test"
      get token() {
        return "secret-token"
      }
      get baseUrl() {
        return "https://sandbox.example"
      }
    }
    const seen: Array<Open.Options<object>> = []
    const opens = Open.opener<typeof VendorOptions.Type, Runs, object>({
      vendor: "fake",
      issues: Input.issues(VendorOptions),
      workspace: (given) => Effect.suspend(() => Effect.die(seen.push(Input.decoder(VendorOptions)(given)))),
      syncRef: () => Effect.die("no sync"),
    })
    await rejected(opens(new Config()))
    expect(seen).toMatchObject([{ success: { name: "test", baseUrl: "https://sandbox.example" } }])
    const wrong = Object.assign(new Config(), { regoin: "us" })
    expect(String(await rejected(opens(wrong)))).toContain("regoin: Expected no field of this name")
  })

  it("the log level holds for the opening, too", async () => {
    const { did, open } = opening()
    await open({ ...options, logLevel: "None" })
    await open(options)
    expect(did).toEqual(["None", "Warn"])
  })

  it("the name of a journal that looks like a URL makes no file", async () => {
    const { open } = opening()
    const folder = mkdtempSync(join(tmpdir(), "openretl-names-"))
    const before = process.cwd()
    process.chdir(folder)
    onTestFinished(() => {
      process.chdir(before)
      rmSync(folder, { recursive: true })
    })
    for (const journal of [
      " ",
      "sqlite:x.db",
      "file:x.db",
      "postgres:me:secret@host",
      " postgres://me:secret@127.0.0.1/x",
    ])
      expect(String(await rejected(open({ ...options, journal })))).toContain("journal: Expected a file name")
    expect(readdirSync(folder)).toEqual([])
    await (await open({ ...options, journal: "C:\\retl.db" })).close()
    expect(readdirSync(folder)).toEqual(["C:\\retl.db"])
    await open({ ...options, journal: memory() })
  })
})
