/** The adapter over an emulator. */
import { Administration } from "@openretl/core/Administration"
import { Cancellation } from "@openretl/core/Cancellation"
import { Catalog } from "@openretl/core/Catalog"
import type * as Change from "@openretl/core/Change"
import * as Journal from "@openretl/core/Journal"
import * as ProcessState from "@openretl/core/ProcessState"
import { Runs } from "@openretl/core/Runs"
import { ScopedTriggers } from "@openretl/core/ScopedTriggers"
import { Transport } from "@openretl/core/Transport"
import * as PolytomicEmulator from "@openretl/emulator/PolytomicEmulator"
import { Context, Effect, Fiber, Redacted } from "effect"
import { TestClock } from "effect/testing"
import * as PolytomicAdmin from "../src/PolytomicAdmin.ts"

/** 2026-01-05, 09:30: a Monday. */
export const start = Date.UTC(2026, 0, 5, 9, 30)

/** Returns options with a default scope. */
export const scoped = <O extends object>(options: O) => ({ defaultScope: "incremental" as const, ...options })

/** Opens the services of a workspace over an emulator, in a process of its own. */
export const openOn = Effect.fnUntraced(function* (
  emulator: PolytomicEmulator.PolytomicEmulator,
  options: Partial<PolytomicAdmin.Options> = {},
) {
  const settings = scoped({ name: "prod", token: Redacted.make(emulator.token), closeWithin: 0, ...options })
  const [client, { services }] = yield* Effect.all([
    PolytomicAdmin.client(settings),
    PolytomicAdmin.workspace(settings),
  ]).pipe(
    Effect.provideService(Transport, emulator.transport),
    Effect.provideService(ProcessState.ProcessState, ProcessState.isolated()),
  )
  return {
    client,
    runs: Context.get(services, Runs),
    scopes: Context.get(services, ScopedTriggers),
    cancellation: Context.get(services, Cancellation),
    catalog: Context.get(services, Catalog),
    administration: Context.get(services, Administration),
  }
})

/** Opens the client of every endpoint and the services of a workspace over an emulator, which has one sync. */
export const onEmulator = Effect.fnUntraced(function* (
  options: PolytomicEmulator.Options = {},
  workspace: Partial<PolytomicAdmin.Options> = {},
) {
  yield* TestClock.setTime(start)
  const emulator = yield* PolytomicEmulator.make(options)
  const ids = yield* emulator.addSync({ name: "Users to Salesforce" })
  const journal = Journal.memory()
  const { sync = "" } = ids
  return {
    ...(yield* openOn(emulator, { journal, ...workspace })),
    emulator,
    journal,
    ids,
    sync,
    ref: yield* PolytomicAdmin.syncRef("prod", { sync }),
  }
})

/** Returns the result of an effect, while the clock advances for at most an hour. */
export const ended = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(effect)
    for (let second = 0; second < 3_600 && fiber.pollUnsafe() === undefined; second++) {
      yield* TestClock.adjust("1 second")
    }
    return yield* Effect.result(Fiber.join(fiber))
  })

/** A definition that no workspace of Polytomic's creates: its name says that syncs have names. */
export const definition = (_: object, { name }: { readonly name: string }): Change.Definition => ({
  name,
  part: { vendor: "polytomic", spec: {} },
})
