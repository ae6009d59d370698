/**
 * The first law, *contact*: each operation works at all. It prints every operation with its error and the answer that it got.
 * The suite checks it before the others, which say little where it fails.
 */
import type { Run } from "@openretl/core/Run"
import { isTerminal } from "@openretl/core/Run"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { Law } from "../Law.ts"
import { law } from "../Law.ts"
import type { Testbed } from "../Testbed.ts"
import { summaryOf } from "../testbed/diagnosis.ts"
import * as Exchanges from "../testbed/exchanges.ts"
import { reading } from "./configuration/configuredTestbed.ts"
import { runOf } from "./startRun.ts"

/** What became of one operation. */
interface Step {
  readonly name: string
  readonly state: "works" | "fails" | "not tried"
  /** What it showed, or why it fails. */
  readonly text: string
  readonly exchanges: ReadonlyArray<string>
}

/** The operations so far. */
interface Tour {
  readonly steps: Array<Step>
  /** Runs one operation. Returns its value where it works, and its words say so. */
  readonly go: <A>(
    name: string,
    operation: Effect.Effect<A, unknown>,
    words: (value: A) => string | Wrong,
  ) => Effect.Effect<Option.Option<A>>
  /** Notes an operation that cannot be tried. */
  readonly skip: (name: string, why: string) => Effect.Effect<void>
}

/** An operation ends, and not as the emulator has it. */
class Wrong {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

const makeTour = (testbed: Testbed): Tour => {
  const steps: Array<Step> = []
  return {
    steps,
    go: (name, operation, words) =>
      Effect.gen(function* () {
        const before = testbed.wire.sent.length
        const exit = yield* Effect.exit(Effect.flatten(testbed.exit(operation, "30 minutes")))
        const exchanges = Exchanges.relevant(testbed.wire.sent.slice(before))
        const said = Exit.isSuccess(exit) ? words(exit.value) : new Wrong(summaryOf(Cause.squash(exit.cause)))
        if (said instanceof Wrong) steps.push({ name, state: "fails", text: said.text, exchanges })
        else steps.push({ name, state: "works", text: said, exchanges: [] })
        return Exit.isSuccess(exit) && !(said instanceof Wrong) ? Option.some(exit.value) : Option.none()
      }),
    skip: (name, why) =>
      Effect.sync(() => {
        steps.push({ name, state: "not tried", text: why, exchanges: [] })
      }),
  }
}

/** Dies with all operations where one of them fails: those that fail come first. */
const conclude = ({ steps }: Tour): Effect.Effect<void> => {
  const of = (state: Step["state"]) => steps.filter((step) => step.state === state)
  const failing = of("fails")
  if (failing.length === 0) return Effect.void
  const lines = [
    `${failing.length} of ${steps.length} operations of the adapter fail. The other laws wait until none does.`,
    ...failing.flatMap(({ name, text, exchanges }) => [
      `  fails: ${name}: ${text}`,
      ...exchanges.map((exchange) => `    ${exchange}`),
    ]),
    ...of("not tried").map(({ name, text }) => `  not tried: ${name}: ${text}`),
    ...of("works").map(({ name, text }) => `  works: ${name}: ${text}`),
  ]
  return Effect.die(new Error(lines.join("\n")))
}

const statusText = ({ status, vendorStatus }: Run) =>
  `status ${status}, the vendor's word ${JSON.stringify(vendorStatus)}`

/** How a run that the emulator lets succeed is to be read after its end. */
const endText = (run: Run): string | Wrong => {
  if (run.status === "unknown") {
    return new Wrong(
      `the vendor's word ${JSON.stringify(run.vendorStatus)} of a run that succeeded has the status unknown`,
    )
  }
  if (run.status !== "succeeded") return new Wrong(`a run that succeeded is read as ${run.status}: ${statusText(run)}`)
  return `${statusText(run)}, ${run.rows.succeeded ?? "no"} rows delivered`
}

/** Runs are started, read, listed and cancelled. */
const runsTour = Effect.fnUntraced(function* (testbed: Testbed) {
  const { runs, current, cancellation, sync, emulator, ids } = testbed
  const tour = makeTour(testbed)
  yield* tour.go("check of the token", current.check(), ({ shown }) => shown)
  yield* tour.go("check of a sync", current.check(sync), ({ shown }) => shown)
  const listed = Stream.runCollect(runs.list(sync))
  yield* tour.go("list of the runs of a sync that never ran", listed, ({ length }) =>
    length === 0 ? "no run" : new Wrong(`expected no run, found ${length}`),
  )
  yield* emulator.script(ids, [{ duration: "2 minutes" }])
  const started = yield* tour.go("start of a run", runs.trigger(sync, { whenRunning: "fail" }), (result) => {
    const { run } = runOf(result)
    return `${result._tag} run ${run}`
  })
  const [actual] = yield* testbed.actualRuns
  if (actual === undefined) {
    const why = Option.isSome(started) ? "the trigger ended well, and the vendor has no run" : "no run was started"
    for (const name of ["get of a run", "list of runs", "get of a run that has ended"]) yield* tour.skip(name, why)
    return yield* conclude(tour)
  }
  if (Option.isSome(started)) {
    const { run } = runOf(started.value)
    yield* tour.go("id of the started run", Effect.succeed(run), (id) =>
      id === actual.id ? id : new Wrong(`the trigger returned ${id}, and the run that it started is ${actual.id}`),
    )
  }
  const ref = testbed.runRef(actual.id)
  yield* testbed.advance("10 seconds")
  yield* tour.go("get of a run", runs.get(ref), (run) =>
    isTerminal(run.status) ? new Wrong(`a run at work is read as ended: ${statusText(run)}`) : statusText(run),
  )
  yield* tour.go("list of runs", listed, (all) =>
    all.some((run) => run.ref.run === actual.id)
      ? `${all.length} run`
      : new Wrong(`the run ${actual.id} is missing: found ${all.map((run) => run.ref.run).join(", ") || "no run"}`),
  )
  yield* testbed.advance("5 minutes")
  yield* tour.go("get of a run that has ended", runs.get(ref), endText)
  if (cancellation !== undefined) {
    yield* emulator.script(ids, [{ ends: "never" }])
    const run = yield* emulator.triggerAsStranger(ids)
    const other = testbed.runRef(run ?? "")
    yield* testbed.advance("10 seconds")
    yield* tour.go("cancel of a run", cancellation.cancel(other), ({ _tag }) => _tag)
    yield* testbed.advance("10 minutes")
    const stopped = (yield* testbed.actualRuns).find(({ id }) => id === run)
    yield* tour.go("get of a cancelled run", runs.get(other), (read) => {
      if (stopped?.finishedAt === undefined) return new Wrong("the cancel ended well, and the vendor's run goes on")
      return isTerminal(read.status)
        ? statusText(read)
        : new Wrong(`a run that was stopped is read as ${statusText(read)}`)
    })
  }
  return yield* conclude(tour)
})

/** Contact with what runs syncs, and with the catalog. */
export const contactLaws: ReadonlyArray<Law> = [
  law("P1", "contact: each operation that runs syncs works at all", { workspace: { resolveWithin: 0 } }, runsTour),
  reading("P1", "contact: each operation that reads configured syncs works at all", {}, (testbed) =>
    Effect.gen(function* () {
      const tour = makeTour(testbed)
      yield* tour.go("list of the catalog", Stream.runCollect(testbed.catalog.list), (syncs) => {
        const isListed = syncs.some(({ ref }) => testbed.textOf(ref) === String(testbed.sync))
        return isListed
          ? `${syncs.length} sync`
          : new Wrong(`the sync ${testbed.sync} is missing in ${syncs.length} syncs`)
      })
      yield* tour.go("get of a sync", testbed.catalog.get(testbed.sync), ({ state }) => `state ${state}`)
      yield* conclude(tour)
    }),
  ),
]

/** Whether a law is one of contact. */
export const isContact = ({ title }: Law): boolean => title.startsWith("contact: ")

/** Whether a law needs contact with configured syncs. */
export const isAboutConfiguredSyncs = ({ setup }: Law): boolean => setup.configuration !== undefined
