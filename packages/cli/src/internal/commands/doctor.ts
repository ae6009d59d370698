/** `doctor`: reads every workspace, and says what works, what does not, and what is odd. It sends GET requests only. */
import { Catalog } from "@openretl/core/Catalog"
import { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import type { Answer } from "@openretl/core/driver/Answer"
import * as Journal from "@openretl/core/Journal"
import type { RetlError } from "@openretl/core/RetlError"
import { isTerminal, type Run } from "@openretl/core/Run"
import type { Sync } from "@openretl/core/Sync"
import * as Transport from "@openretl/core/Transport"
import { TransportError } from "@openretl/core/TransportError"
import * as Clock from "effect/Clock"
import * as CliCommand from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { AnyFleet, Configuration, Sync as NamedSync } from "../../Configuration.ts"
import * as ExitCode from "../../ExitCode.ts"
import * as Format from "../terminal/format.ts"
import * as Printer from "../terminal/printer.ts"
import { wrap } from "../terminal/wrap.ts"
import * as Facts from "./facts.ts"
import { Ended } from "./failure.ts"
import * as Globals from "./globals.ts"
import { isOldestFirst } from "./newestRuns.ts"
import * as Session from "./session.ts"
import { isSameSync } from "./targets.ts"
import { withTransport } from "./transport.ts"

/** One thing that was looked at. */
interface Check {
  readonly workspace: string
  readonly check: string
  readonly state: "ok" | "warn" | "fail" | "skip"
  readonly detail: string
  readonly guidance?: string
  readonly exitCode?: ExitCode.Name
}

const tones = { ok: "green", warn: "yellow", fail: "red", skip: "dim" } as const

/** The answers that each workspace's reads got, by its name. */
type Answers = Map<string, Array<Answer>>

/** How the clock of a vendor differs from this machine's, from the `Date` of its answers. */
interface Clocks {
  /** Milliseconds that the vendor is ahead, by origin; the smallest difference seen. */
  readonly ahead: Map<string, number>
}

/** Returns a transport that sends GET requests only, and notes the vendor's clock and the answers. */
const reading = (transport: Transport.Service, clocks: Clocks, answers: Answers): Transport.Service => ({
  ...(transport.tellsStart !== undefined && { tellsStart: transport.tellsStart }),
  send: (request) =>
    request.method !== "GET"
      ? Effect.fail(new TransportError({ delivery: "not-sent", code: "DOCTOR_SENDS_GET_ONLY" }))
      : Effect.gen(function* () {
          const before = yield* Clock.currentTimeMillis
          const response = yield* transport.send(request)
          const after = yield* Clock.currentTimeMillis
          answers.get(yield* Facts.Workspace)?.push(Facts.answerOf(request, response))
          const date = Date.parse(response.headers["date"] ?? "")
          if (!Number.isNaN(date)) {
            // The header has whole seconds: the vendor's time is from `date` to a second later, ours from `before` to `after`.
            const ahead = date > after ? date - after : date + 1_000 < before ? date + 1_000 - before : 0
            const origin = new URL(request.url).origin
            const known = clocks.ahead.get(origin)
            if (known === undefined || Math.abs(ahead) < Math.abs(known)) clocks.ahead.set(origin, ahead)
          }
          return response
        }),
})

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
const examine = (fleet: AnyFleet, name: string, named: ReadonlyArray<NamedSync>): Effect.Effect<ReadonlyArray<Check>> =>
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
      for (const sync of named) checks.push(...(yield* examineSync(fleet, name, sync, all)))
      return checks
    }),
  )

/** From this difference on a clock is worth a word. */
const leastSkew = 5_000

/** Returns a warning for each address whose clock differs from this machine's. */
export const clockChecks = ({ ahead }: Clocks): ReadonlyArray<Check> =>
  Array.from(ahead)
    .filter(([, skew]) => Math.abs(skew) >= leastSkew)
    .map(([origin, skew]) => ({
      workspace: "clocks",
      check: origin,
      state: "warn",
      detail: `Its clock is ${Format.elapsed(Math.abs(skew))} ${skew > 0 ? "ahead of" : "behind"} this machine's.`,
      guidance: isLoopback(origin)
        ? "An emulator with a speed runs ahead, which is no fault; elsewhere, set the clocks by NTP: freshness and deadlines go by them."
        : "Set this machine's clock by NTP: freshness and deadlines go by it.",
    }))

const isLoopback = (origin: string): boolean => ["127.0.0.1", "localhost", "[::1]"].includes(new URL(origin).hostname)

/** Returns what the answers of a workspace show about the facts of its adapter: for people, and for programs. */
const factChecks = (workspace: string, facts: ReadonlyArray<Facts.SettledFact>): ReadonlyArray<Check> => {
  const holding = facts.filter(({ holds }) => holds).map(({ fact }) => fact.id.replace(/^.*\//, ""))
  return [
    ...(holding.length === 0
      ? []
      : [
          {
            workspace,
            check: "facts",
            state: "ok" as const,
            detail: `What OpenRETL relies on holds here: ${holding.join(", ")}.`,
          },
        ]),
    ...facts
      .filter(({ holds }) => !holds)
      .map(({ fact: { id, claim, consequence } }) => ({
        workspace,
        check: id,
        state: "warn" as const,
        detail: `This does not hold here: ${claim}`,
        guidance: `${consequence} Please report it: https://github.com/openretl/openretl/issues`,
      })),
  ]
}

const examineSync = (
  fleet: AnyFleet,
  workspace: string,
  { name, ref }: NamedSync,
  listed: ReadonlyArray<Sync> | undefined,
): Effect.Effect<ReadonlyArray<Check>> =>
  Effect.gen(function* () {
    const [read] = yield* look(workspace, name, Stream.runCollect(Stream.take(fleet.list(ref), 20)), (runs) =>
      describeRuns(runs),
    )
    const sync = listed?.find((candidate) => isSameSync(candidate.ref, ref))
    if (read.exitCode === "notFound" && listed !== undefined && sync === undefined) {
      return [
        {
          ...read,
          detail: "The vendor does not list this sync: it was deleted, or its ids are of another workspace.",
          guidance: "Remove it from the configuration, or correct its ids: openretl syncs lists those that there are.",
        },
      ]
    }
    const checks: Array<Check> = [read]
    const { schedule, unreadSchedule, state } = sync ?? {}
    const fires =
      state === "enabled" && ((schedule !== undefined && schedule._tag !== "Manual") || unreadSchedule !== undefined)
    if (fires) {
      checks.push({
        workspace,
        check: name,
        state: "warn",
        detail: "The vendor's own schedule fires this sync, and so do you when you run it from here.",
        guidance:
          "Let one of both trigger it: set the schedule to manual, or only wait for its runs; whenRunning decides what happens where both meet.",
      })
    }
    if (state !== undefined && state !== "enabled" && state !== "unknown") {
      checks.push({
        workspace,
        check: name,
        state: "warn",
        detail: `The vendor has this sync as ${state}.`,
        guidance: "Enable it at the vendor, unless that is intended.",
      })
    }
    return checks
  })

/** Says what a page of runs shows: how many, in which order, and what cannot be read. */
const describeRuns = (runs: ReadonlyArray<Run>): Pick<Check, "detail"> & Partial<Check> => {
  const words = new Set(
    runs.filter(({ status }) => status === "unknown").map(({ vendorStatus }) => Format.printable(vendorStatus, 40)),
  )
  const order = runs.length < 2 ? "" : isOldestFirst(runs) ? ", oldest first" : ", newest first"
  const uncounted = runs.some(
    ({ status, rows }) => isTerminal(status) && status === "succeeded" && rows.succeeded === undefined,
  )
  const detail =
    runs.length === 0 ? "The token may list its runs: there are none." : `The token may list its runs${order}.`
  if (words.size > 0) {
    return {
      state: "warn",
      detail: `Some runs have a status that is not known: ${Array.from(words).join(", ")}.`,
      guidance: "Give the words their meaning with the option statusWords of the workspace.",
    }
  }
  return uncounted ? { detail: `${detail} The vendor tells no counts of rows: such runs are unverified.` } : { detail }
}

export const doctor = CliCommand.make("doctor", {}, () =>
  Effect.gen(function* () {
    const printer = Printer.make(yield* Printer.Streams, yield* Globals.Json)
    const configuration: Configuration = yield* Session.load(Session.pathOf(yield* Globals.Config))
    const clocks: Clocks = { ahead: new Map() }
    const names = Object.keys(configuration.workspaces)
    const answers: Answers = new Map(names.map((name) => [name, []]))
    const transport = reading(yield* Transport.Transport, clocks, answers)
    const workspaces = yield* Effect.gen(function* () {
      const fleet = yield* configuration.open(Journal.memory())
      return yield* Effect.forEach(
        Object.entries(configuration.workspaces),
        ([name, vendor]) =>
          Effect.gen(function* () {
            const named = configuration.syncs.filter(({ ref }) => ref.workspace === name)
            const found = yield* Effect.provideService(examine(fleet, name, named), Facts.Workspace, name)
            return { name, found, facts: Facts.settled(yield* Facts.load(vendor), answers.get(name) ?? []) }
          }),
        { concurrency: "unbounded" },
      )
    }).pipe(Effect.scoped, Effect.provideService(Transport.Transport, transport))
    const all = [
      ...workspaces.flatMap(({ name, found, facts }) => [...found, ...factChecks(name, facts)]),
      ...clockChecks(clocks),
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
    for (const { name: workspace, facts } of workspaces) {
      for (const { fact, holds } of facts) {
        const { id, claim, confidence } = fact
        yield* printer.object("fact", { workspace, fact: id, claim, confidence, holds })
      }
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
  }).pipe(Effect.scoped, withTransport),
).pipe(CliCommand.withDescription("Look at every workspace of the configuration: reads only, it changes nothing"))
