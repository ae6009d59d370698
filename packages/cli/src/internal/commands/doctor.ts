/** `doctor`: reads every workspace, and says what works, what does not, and what is odd. It sends GET requests only. */
import { Catalog } from "@openretl/core/Catalog"
import { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import * as Journal from "@openretl/core/Journal"
import type { RetlError } from "@openretl/core/RetlError"
import { isTerminal, type Run } from "@openretl/core/Run"
import * as Transport from "@openretl/core/Transport"
import * as CliCommand from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { AnyFleet, Configuration, Sync as NamedSync } from "../../Configuration.ts"
import * as ExitCode from "../../ExitCode.ts"
import * as Format from "../terminal/format.ts"
import * as Printer from "../terminal/printer.ts"
import { wrap } from "../terminal/wrap.ts"
import type { Check } from "./check.ts"
import { Ended } from "./failure.ts"
import * as Globals from "./globals.ts"
import { orderOf } from "./newestRuns.ts"
import type { checksOfSync } from "./observing.ts"
import * as Session from "./session.ts"
import { finder } from "./targets.ts"
import { withTransport } from "./transport.ts"

const tones = { ok: "green", warn: "yellow", fail: "red", skip: "dim" } as const

/** Runs one look; a failure of it is a failed check. */
const look = <A>(
  workspace: string,
  check: string,
  effect: Effect.Effect<A, RetlError>,
  onSuccess: (value: A) => Pick<Check, "detail"> & Partial<Check>,
): Effect.Effect<readonly [Check, A | undefined]> =>
  Effect.map(Effect.result(effect), (result): readonly [Check, A | undefined] =>
    Result.isSuccess(result)
      ? [{ workspace, check, state: "ok", ...onSuccess(result.success) }, result.success]
      : [
          {
            workspace,
            check,
            state: result.failure.reason._tag === "Unsupported" ? "skip" : "fail",
            detail: Format.printable(result.failure.summary, 300),
            guidance: result.failure.guidance,
            exitCode: result.failure.reason._tag === "Unsupported" ? "ok" : ExitCode.ofError(result.failure),
          },
          undefined,
        ],
  )

/** Looks at one workspace and the syncs that the configuration names there. */
const examine = (
  fleet: AnyFleet,
  name: string,
  named: ReadonlyArray<NamedSync>,
  oddities: typeof checksOfSync,
): Effect.Effect<ReadonlyArray<Check>> =>
  fleet.in(name)(
    Effect.gen(function* () {
      const current = yield* CurrentWorkspace
      const catalog = yield* Catalog
      const checks: Array<Check> = []
      const [reached] = yield* look(name, "token", current.check(), ({ identity, shown }) => ({
        detail: [
          shown,
          identity === undefined ? "" : `It belongs to ${Format.printable(identity.name ?? identity.id, 80)}.`,
        ]
          .filter(Boolean)
          .join(" "),
      }))
      checks.push(reached)
      // Without an answer, every further look would say the same.
      if (reached.state === "fail") return checks
      const [listed, all] = yield* look(name, "syncs", Stream.runCollect(catalog.list), (syncs) => ({
        detail: `The token may list the syncs: ${Format.counted(syncs.length, "sync")}.`,
      }))
      checks.push(listed)
      const find = finder(all ?? [], (sync) => sync.ref)
      for (const { name: check, ref } of named) {
        const [read] = yield* look(name, check, Stream.runCollect(Stream.take(fleet.list(ref), 20)), describeRuns)
        checks.push(...oddities(read, find(ref), all !== undefined))
      }
      return checks
    }),
  )

/** Says what a page of runs shows: how many, in which order, and what cannot be read. */
const describeRuns = (runs: ReadonlyArray<Run>): Pick<Check, "detail"> & Partial<Check> => {
  const words = new Set(
    runs.filter(({ status }) => status === "unknown").map(({ vendorStatus }) => Format.printable(vendorStatus, 40)),
  )
  const order = orderOf(runs)
  const uncounted = runs.some(
    ({ status, rows }) => isTerminal(status) && status === "succeeded" && rows.succeeded === undefined,
  )
  const detail =
    runs.length === 0
      ? "The token may list its runs: there are none."
      : `The token may list its runs${order === undefined ? "" : `, ${order}`}.`
  if (words.size > 0) {
    return {
      state: "warn",
      detail: `Some runs have a status that is not known: ${Array.from(words).join(", ")}.`,
      guidance: "Give the words their meaning with the option statusWords of the workspace.",
    }
  }
  return uncounted ? { detail: `${detail} The vendor tells no counts of rows: such runs are unverified.` } : { detail }
}

const examineAll = Effect.gen(function* () {
  const printer = Printer.make(yield* Printer.Streams, yield* Globals.Json)
  const configuration: Configuration = yield* Session.load(Session.pathOf(yield* Globals.Config))
  // Loaded only here, and with it the registers of facts: help starts without.
  const Observing = yield* Effect.promise(() => import("./observing.ts"))
  const { transport, ahead, of, settled } = Observing.make(yield* Transport.Transport)
  const workspaces = yield* Effect.gen(function* () {
    const fleet = yield* configuration.open(Journal.memory())
    return yield* Effect.forEach(
      Object.entries(configuration.workspaces),
      ([name, vendor]) =>
        Effect.gen(function* () {
          const named = configuration.syncs.filter(({ ref }) => ref.workspace === name)
          const found = yield* of(name)(examine(fleet, name, named, Observing.checksOfSync))
          return { name, found, facts: yield* settled(name, vendor) }
        }),
      { concurrency: "unbounded" },
    )
  }).pipe(Effect.scoped, Effect.provideService(Transport.Transport, transport))
  const all = [
    ...workspaces.flatMap(({ name, found, facts }) => [...found, ...Observing.checksOf(name, facts)]),
    ...Observing.clockChecks(ahead, Format.elapsed),
  ]
  for (const [index, { workspace, check, state, detail, guidance }] of all.entries()) {
    const isFirst = all[index - 1]?.workspace !== workspace
    const [first = "", ...more] = wrap(`${check}: ${Format.sentences(detail, guidance ?? "")}`, printer.columns - 8)
    yield* printer.lines(
      ...(isFirst ? [...(index === 0 ? [] : [""]), printer.paint("bold", workspace)] : []),
      `  ${printer.paint(tones[state], state.padEnd(4))}  ${first}`,
      ...more.map((line) => `        ${line}`),
    )
  }
  const odd = all.filter(({ state }) => state === "warn" || state === "fail")
  for (const { exitCode: _, ...fields } of all) yield* printer.object("check", fields)
  for (const { name, facts } of workspaces) {
    for (const fact of facts) yield* printer.object("fact", Observing.fieldsOf(name, fact))
  }
  const fails = all.filter(({ state }) => state === "fail").length
  const warnings = odd.length - fails
  yield* printer.lines(
    "",
    fails + warnings === 0
      ? "All is well."
      : [fails > 0 ? `${fails} failed` : "", warnings > 0 ? Format.counted(warnings, "warning") : ""]
          .filter(Boolean)
          .join(", "),
  )
  const code = ExitCode.worst(all.flatMap(({ exitCode }) => (exitCode === undefined ? [] : [exitCode])))
  if (code !== "ok") return yield* Effect.fail(new Ended(code))
}).pipe(Effect.scoped, withTransport)

export const doctor = CliCommand.make("doctor", {}, () => examineAll).pipe(
  CliCommand.withDescription("Look at every workspace of the configuration: reads only, it changes nothing"),
)
