/** The engine of a workspace over the fake vendor, for tests of its parts, and a trigger whose entry is marked. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as WorkspaceContext from "../../src/engine/context.ts"
import { Priority } from "../../src/engine/rate-limit/rateLimit.ts"
import * as Call from "../../src/engine/trigger/call.ts"
import { instant } from "../../src/engine/trigger/elapsed.ts"
import { isOpenTrigger } from "../../src/engine/trigger/open.ts"
import type { Sent } from "../../src/engine/trigger/settling.ts"
import * as Journal from "../../src/journal/Journal.ts"
import * as ProcessState from "../../src/journal/ProcessState.ts"
import * as FakeDriver from "./fakeDriver.ts"

export const sync = FakeDriver.sync()

/** Operations of a journal that a test has instead. */
export type Change = (journal: Journal.Service) => Partial<Journal.Service>

export const none: Change = () => ({})

/** Makes the engine of the workspace `test`. Its journal in memory has the operations that `change` returns instead. */
export const make = Effect.fnUntraced(function* (
  change: Change = none,
  options: Partial<WorkspaceContext.MakeOptions> = {},
  fake: FakeDriver.Fake = FakeDriver.make(),
) {
  const journal = Journal.memory()
  const scope = yield* Scope.make()
  const changed = { ...journal, ...change(journal) }
  const context = yield* WorkspaceContext.make(
    { name: "test", closeWithin: 0, journal: changed, ...options },
    fake.driver,
    scope,
  ).pipe(Effect.provideService(ProcessState.ProcessState, ProcessState.isolated()))
  return { fake, journal, context, close: Scope.close(scope, Exit.void) }
})

export type Engine = Effect.Success<ReturnType<typeof make>>

/** Marks the entry of a call, with these runs in its fence: what is left to do is to send its request and to settle it. */
export const mark = Effect.fnUntraced(function* (
  { context, journal }: Engine,
  request: Partial<Call.Request> = {},
  runs: ReadonlyArray<string> = [],
) {
  const call = yield* Call.make(context, sync, { whenRunning: "fail", scope: undefined, ...request })
  const leased = yield* journal.acquire(call.identity, call.owner, "1 hour")
  if (leased._tag !== "Acquired") return yield* Effect.die(new Error("another call has the lease"))
  const draft = Call.draftOf(context, call, `entry-of-${call.owner.call}`)
  if (request.key !== undefined) yield* journal.claim({ draft, owner: call.owner, lease: "1 hour" })
  const markedAt = yield* instant
  const marked = yield* journal.mark({
    lease: leased.lease,
    entry: request.key === undefined ? draft : { id: draft.id, revision: 1 },
    fence: { runs, complete: true },
    exclusive: request.exclusive === true,
    writeTimeout: Duration.minutes(3),
    runAppearsWithin: Duration.minutes(2),
  })
  if (marked._tag !== "Marked" || !isOpenTrigger(marked.stored.entry)) {
    return yield* Effect.die(new Error("it is not marked"))
  }
  const grant = yield* context.rateLimit.acquire("start", Priority.write)
  const { stored } = marked
  const sent: Sent = { call, grant, stored, entry: marked.stored.entry, markedAt, isFresh: Effect.succeed(true) }
  return sent
})

/** What the journal has of a trigger; `undefined` for nothing. */
export const entryOf = ({ journal }: Engine, { entry }: Sent) =>
  Effect.map(journal.get(entry.id), (record) => (record?._tag === "Stored" ? record.entry : undefined))

/** Gives the lease of a marked call back, as where its process has died. */
export const giveLeaseBack = Effect.fnUntraced(function* ({ journal }: Engine, { call }: Sent) {
  const again = yield* journal.acquire(call.identity, call.owner, "1 hour")
  if (again._tag === "Acquired") yield* journal.release(again.lease)
})
