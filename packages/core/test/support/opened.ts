/** An open workspace over services that a test makes, and what they did. */
import { expect } from "@effect/vitest"
import { Context, Effect, Schema, Stream } from "effect"
import type { Cancellation } from "../../src/Cancellation.ts"
import type { Catalog } from "../../src/Catalog.ts"
import { CurrentWorkspace } from "../../src/CurrentWorkspace.ts"
import * as Options from "../../src/driver/Options.ts"
import * as Input from "../../src/model/Input.ts"
import * as Reason from "../../src/model/Reason.ts"
import { RunRef } from "../../src/model/Ref.ts"
import type { RetlError } from "../../src/model/RetlError.ts"
import * as Open from "../../src/Open.ts"
import { Runs } from "../../src/Runs.ts"
import type { ScopedTriggers } from "../../src/ScopedTriggers.ts"
import { failure, sync } from "./fakeDriver.ts"

export const ref = new RunRef({ sync: sync(), run: "r1" })
export const denied = failure(new Reason.PermissionDenied(), "refused", { status: 403 })

/** What the workspace did: the calls with their options, and what was interrupted and closed. */
export const record = () => {
  const did: Array<unknown> = []
  const note = (...what: ReadonlyArray<unknown>) => Effect.sync(() => void did.push(what))
  const waits = Effect.onInterrupt(Effect.never, () => note("interrupted"))
  const services = {
    runs: {
      trigger: (...args: ReadonlyArray<unknown>) => Effect.as(note("trigger", ...args), "triggered"),
      run: (...args: ReadonlyArray<unknown>) => Effect.as(note("run", ...args), "ran"),
      freshness: () => Effect.succeed({ _tag: "Never" }),
      pending: Effect.succeed(["entry"]),
      get: () => Effect.fail(denied),
      wait: (...args: ReadonlyArray<unknown>) => Effect.andThen(note("wait", ...args), waits),
      list: () => Stream.concat(Stream.make(1, 2), Stream.fail(denied)),
      watch: () => Stream.concat(Stream.make("first"), Stream.fromEffect(waits)),
    },
    scoped: { run: (...args: ReadonlyArray<unknown>) => Effect.as(note("scoped run", ...args), "ran") },
  }
  const context = Context.empty().pipe(
    Context.add(Runs, services.runs as never),
    Context.add(CurrentWorkspace, { name: "test", check: () => Effect.die("a bug") } as never),
  )
  return { did, note, services, context }
}

const VendorOptions = Schema.Struct({ ...Options.fields, ...Options.connectionFields })
type VendorOptions = typeof VendorOptions.Type

/** Opens a workspace of these services; `seen` has the options that it got. */
export const opening = (
  context: Context.Context<never>,
  onClose: Effect.Effect<void> = Effect.void,
  refused: Effect.Effect<never, RetlError> | undefined = undefined,
) => {
  const seen: Array<VendorOptions> = []
  const open = Open.opener<
    VendorOptions,
    Runs | CurrentWorkspace | Cancellation | Catalog | ScopedTriggers,
    { sync: string }
  >({
    vendor: "fake",
    issues: Input.issues(VendorOptions),
    workspace: (options) =>
      Effect.gen(function* () {
        seen.push(options)
        yield* Effect.addFinalizer(() => onClose)
        return { name: options.name, vendor: "fake", services: context } as never
      }),
    syncRef: (name, ids) => refused ?? Effect.succeed(sync(ids.sync, name)),
  })
  return { seen, open }
}

export const options = { name: "test", token: "secret-token" } as const
export const inWorkspace = (context: Context.Context<never>, onClose?: Effect.Effect<void>) =>
  opening(context, onClose).open(options)

export const collected = async <A>(iterable: AsyncIterable<A>): Promise<ReadonlyArray<A>> => {
  const all: Array<A> = []
  for await (const item of iterable) all.push(item)
  return all
}

export const rejected = async (promise: Promise<unknown>): Promise<unknown> => {
  try {
    await promise
  } catch (error) {
    return error
  }
  return expect.fail("the promise was not rejected")
}
