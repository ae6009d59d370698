/** One attempt of a step, in the two ways of the benchmark. An attempt succeeds, fails, or is killed. */
import * as Journal from "@openretl/core/Journal"
import * as ProcessState from "@openretl/core/ProcessState"
import { isTerminal } from "@openretl/core/Run"
import { Transport } from "@openretl/core/Transport"
import type { Emulator, Ids } from "@openretl/emulator/Emulator"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type { Vendor } from "./vendors.ts"

/** Runs one attempt of the step of an occasion. Returns whether it succeeded; `killAfter` ends it before. */
export type Attempt = (ids: Ids, key: string, killAfter: Duration.Duration | undefined) => Effect.Effect<boolean>

/** What a process can no longer do once it is dead. */
const dies = () => {
  const life = { isAlive: true }
  const whileAlive = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.suspend(() => (life.isAlive ? effect : Effect.never))
  return { life, whileAlive }
}

/** Runs a program, and abandons it at its kill: it sends nothing more, and its finalizers are not waited for. */
const killed = (
  program: Effect.Effect<boolean>,
  killAfter: Duration.Duration | undefined,
  life: { isAlive: boolean },
): Effect.Effect<boolean> =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkDetach(program)
    if (killAfter === undefined) return yield* Fiber.join(fiber)
    const ended = yield* Effect.timeoutOption(Fiber.join(fiber), killAfter)
    if (Option.isSome(ended)) return ended.value
    life.isAlive = false
    yield* Effect.forkDetach(Fiber.interrupt(fiber))
    return false
  })

/** The loop: triggers, polls every ten seconds until the run ends, and fails at any failure of the trigger. */
export const loop =
  (vendor: Vendor, emulator: Emulator): Attempt =>
  (ids, _key, killAfter) => {
    const { life, whileAlive } = dies()
    const program = Effect.gen(function* () {
      const { start, get } = yield* vendor.requests(emulator, ids)
      const run = yield* start
      while (true) {
        yield* whileAlive(Effect.sleep("10 seconds"))
        // A poll that fails is repeated.
        const snapshot = yield* Effect.option(get(run))
        if (Option.isSome(snapshot) && isTerminal(snapshot.value.status)) return snapshot.value.status === "succeeded"
      }
    }).pipe(
      Effect.orElseSucceed(() => false),
      Effect.provideService(Transport, emulator.transport),
    )
    return killed(program, killAfter, life)
  }

/** `run` with the key of the occasion. Each attempt is a process of its own; all share a journal. */
export const keyed = (vendor: Vendor, emulator: Emulator): Attempt => {
  const shared = Journal.memory()
  return (ids, key, killAfter) => {
    const { life, whileAlive } = dies()
    const program = Effect.gen(function* () {
      const { run } = yield* vendor.open(emulator, mortal(shared, whileAlive))
      const sync = yield* vendor.sync(ids)
      // Only these steps trigger the syncs, which have no schedule.
      const { accepted } = yield* run(sync, { key, whenRunning: "wait", exclusive: true })
      return accepted
    }).pipe(
      Effect.scoped,
      Effect.orElseSucceed(() => false),
      Effect.provideService(ProcessState.ProcessState, ProcessState.isolated()),
      Effect.provideService(Transport, {
        send: (request) => whileAlive(emulator.transport.send(request)),
      }),
    )
    return killed(program, killAfter, life)
  }
}

type WhileAlive = ReturnType<typeof dies>["whileAlive"]

/** The journal as a process reaches it while it lives. */
const mortal = (journal: Journal.Service, whileAlive: WhileAlive): Journal.Service => ({
  id: journal.id,
  claim: (...args) => whileAlive(journal.claim(...args)),
  takeOver: (...args) => whileAlive(journal.takeOver(...args)),
  renewClaim: (...args) => whileAlive(journal.renewClaim(...args)),
  acquire: (...args) => whileAlive(journal.acquire(...args)),
  renew: (...args) => whileAlive(journal.renew(...args)),
  release: (...args) => whileAlive(journal.release(...args)),
  mark: (...args) => whileAlive(journal.mark(...args)),
  update: (...args) => whileAlive(journal.update(...args)),
  remove: (...args) => whileAlive(journal.remove(...args)),
  get: (...args) => whileAlive(journal.get(...args)),
  find: (...args) => whileAlive(journal.find(...args)),
  list: (...args) => whileAlive(journal.list(...args)),
  forget: (...args) => whileAlive(journal.forget(...args)),
})
