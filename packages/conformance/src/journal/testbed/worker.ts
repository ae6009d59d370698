/** A process of the suite. It does what it is sent, and is killed in the middle of it where the suite says so. */
import process from "node:process"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Open } from "../JournalHarness.ts"
import { type CourseStep, type CrashPoint, course } from "./course.ts"
import { type JobName, jobs } from "./jobs.ts"
import type { Order, Report } from "./messages.ts"

type Prepare = Extract<Order, { readonly _tag: "Prepare" }>

const send = (report: Report): Promise<void> =>
  new Promise((resolve) => {
    process.send?.(report, undefined, undefined, () => resolve())
  })

const die = Effect.sync(() => process.kill(process.pid, "SIGKILL")).pipe(Effect.andThen(Effect.never))

let prepared: { readonly order: Prepare; readonly open: Open } | undefined

process.on("message", (order: Order) => void receive(order))
process.on("disconnect", () => process.exit())

const receive = async (order: Order): Promise<void> => {
  if (order._tag === "Prepare") {
    const module: { readonly open: Open } = await import(order.module)
    prepared = { order, open: module.open }
    return await send({ _tag: "Ready" })
  }
  if (prepared === undefined) return
  const exit = await Effect.runPromiseExit(Effect.scoped(work(prepared.order, prepared.open)))
  const report: Report = Exit.isSuccess(exit)
    ? { _tag: "Result", result: exit.value }
    : { _tag: "Failed", cause: Cause.pretty(exit.cause) }
  await send(report)
}

const work = ({ data, work }: Prepare, open: Open) =>
  Effect.gen(function* () {
    if (work._tag === "Course") return yield* killed(open, data, work.killAt)
    const journal = yield* open(data, () => Effect.void)
    const job = jobs[work.name] as (typeof jobs)[JobName]
    return yield* job(journal, work.input as never, work.participant)
  })

const killed = (open: Open, data: unknown, killAt: CrashPoint) =>
  Effect.gen(function* () {
    let current: CourseStep | undefined
    const isAt = (moment: CrashPoint["moment"]) => current === killAt.step && moment === killAt.moment
    const dieAt = (moment: CrashPoint["moment"]) => Effect.suspend(() => (isAt(moment) ? die : Effect.void))
    const journal = yield* open(data, () => dieAt("within"))
    yield* course(journal, (step, program) =>
      Effect.gen(function* () {
        current = step
        yield* dieAt("before")
        const result = yield* program
        yield* dieAt("after")
        yield* Effect.promise(() => send({ _tag: "Done", step }))
        return result
      }),
    )
  })
