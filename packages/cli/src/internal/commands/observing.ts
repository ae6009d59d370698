/** The reads of `doctor`: they change nothing, and show how the clocks differ, and which facts hold on which adapters rely. */
import type { Fact } from "@openretl/core/driver/Description"
import type { Sync } from "@openretl/core/Sync"
import type * as Transport from "@openretl/core/Transport"
import { TransportError } from "@openretl/core/TransportError"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { VendorName } from "../configuration/vendors.ts"
import type { Answer } from "../facts/answer.ts"
import type { Settling } from "../facts/settling.ts"
import type { Check } from "./check.ts"

/** The register of facts about each vendor, and how answers settle them. */
const loaders = {
  segment: () => Promise.all([import("@openretl/segment/SegmentFacts"), import("../facts/segment.ts")]),
  rudderstack: () => Promise.all([import("@openretl/rudderstack/RudderStackFacts"), import("../facts/rudderstack.ts")]),
  zeotap: () => Promise.all([import("@openretl/zeotap/ZeotapFacts"), import("../facts/zeotap.ts")]),
  hightouch: () => Promise.all([import("@openretl/hightouch/HightouchFacts"), import("../facts/hightouch.ts")]),
  "fivetran-activations": () =>
    Promise.all([
      import("@openretl/fivetran-activations/FivetranActivationsFacts"),
      import("../facts/fivetran-activations.ts"),
    ]),
  polytomic: () => Promise.all([import("@openretl/polytomic/PolytomicFacts"), import("../facts/polytomic.ts")]),
} satisfies Record<
  VendorName,
  () => Promise<readonly [{ readonly facts: ReadonlyArray<Fact> }, { readonly settling: Settling }]>
>

/** The facts about a vendor, and how answers settle them. */
export interface Register {
  readonly facts: ReadonlyArray<Fact>
  readonly settling: Settling
}

/** The name of the workspace whose reads a fiber sends. */
const Workspace = Context.Reference<string>("@openretl/cli/Workspace", { defaultValue: () => "" })

/** Returns an answer as facts look at it. */
export const answerOf = ({ url }: Transport.Request, { status, headers, body }: Transport.Response): Answer => {
  const { pathname: path, searchParams: query } = new URL(url)
  return { path, query, status, headers, body: jsonOf(new TextDecoder().decode(body)) }
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A fact, and whether it holds in an account. */
export interface SettledFact {
  readonly fact: Fact
  readonly holds: boolean
}

/** Returns the facts that answers settle. Failures, and pages of a proxy, settle none. One answer against a fact outweighs all for it. */
export const settled = ({ facts, settling }: Register, answers: ReadonlyArray<Answer>): ReadonlyArray<SettledFact> => {
  const successes = answers.filter(({ status, body }) => status >= 200 && status < 300 && body !== undefined)
  return facts.flatMap((fact): ReadonlyArray<SettledFact> => {
    const shown = new Set(successes.map((answer) => settling[fact.id]?.(answer)))
    if (shown.has(false)) return [{ fact, holds: false }]
    return shown.has(true) ? [{ fact, holds: true }] : []
  })
}

const isListed = (vendor: string): vendor is VendorName => Object.hasOwn(loaders, vendor)

/** Loads the facts about the vendor of this short name; none of another vendor. */
export const load = (vendor: string): Effect.Effect<Register> =>
  isListed(vendor)
    ? Effect.map(
        Effect.promise(() => loaders[vendor]()),
        ([{ facts }, { settling }]): Register => ({ facts, settling }),
      )
    : Effect.succeed({ facts: [], settling: {} })

/**
 * Returns a transport that sends GET requests only. `ahead` has how many milliseconds each vendor's clock is ahead of this
 * machine's, by its origin, from the `Date` of its answers: the smallest difference seen. `of` says of which workspace the reads
 * of an effect are, and `settled` returns what they have shown about the facts of its vendor.
 */
export const make = (inner: Transport.Service) => {
  const ahead = new Map<string, number>()
  const answers = new Map<string, Array<Answer>>()
  const transport: Transport.Service = {
    ...(inner.tellsStart !== undefined && { tellsStart: inner.tellsStart }),
    send: (request) =>
      request.method !== "GET"
        ? Effect.fail(new TransportError({ delivery: "not-sent", code: "DOCTOR_SENDS_GET_ONLY" }))
        : Effect.gen(function* () {
            const before = yield* Clock.currentTimeMillis
            const response = yield* inner.send(request)
            const after = yield* Clock.currentTimeMillis
            const workspace = yield* Workspace
            answers.set(workspace, [...(answers.get(workspace) ?? []), answerOf(request, response)])
            const date = Date.parse(response.headers["date"] ?? "")
            if (!Number.isNaN(date)) {
              // The header has whole seconds: the vendor's time is from `date` to a second later, ours from `before` to `after`.
              const skew = date > after ? date - after : date + 1_000 < before ? date + 1_000 - before : 0
              const { origin } = new URL(request.url)
              const known = ahead.get(origin)
              if (known === undefined || Math.abs(skew) < Math.abs(known)) ahead.set(origin, skew)
            }
            return response
          }),
  }
  return {
    transport,
    ahead,
    of: (name: string) => Effect.provideService(Workspace, name),
    settled: (name: string, vendor: string) =>
      Effect.map(load(vendor), (facts) => settled(facts, answers.get(name) ?? [])),
  }
}

/** Returns what the answers of a workspace show about the facts of its adapter: for people, and for programs. */
export const checksOf = (workspace: string, facts: ReadonlyArray<SettledFact>): ReadonlyArray<Check> => {
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

/** Returns a fact for programs. */
export const fieldsOf = (workspace: string, { fact: { id, claim, confidence }, holds }: SettledFact) => ({
  workspace,
  fact: id,
  claim,
  confidence,
  holds,
})

/** Returns what is odd about a sync, after the read of its runs: the sync as the vendor lists it, if it lists any. */
export const checksOfSync = (read: Check, sync: Sync | undefined, isListed: boolean): ReadonlyArray<Check> => {
  if (read.exitCode === "notFound" && isListed && sync === undefined) {
    return [
      {
        ...read,
        detail: "The vendor does not list this sync: it was deleted, or its ids are of another workspace.",
        guidance: "Remove it from the configuration, or correct its ids: openretl syncs lists those that there are.",
      },
    ]
  }
  const { workspace, check } = read
  const { schedule, unreadSchedule, state } = sync ?? {}
  const fires =
    state === "enabled" && ((schedule !== undefined && schedule._tag !== "Manual") || unreadSchedule !== undefined)
  const checks: Array<Check> = [read]
  if (fires) {
    checks.push({
      workspace,
      check,
      state: "warn",
      detail: "The vendor's own schedule fires this sync, and so do you when you run it from here.",
      guidance:
        "Let one of both trigger it: set the schedule to manual, or only wait for its runs; whenRunning decides what happens where both meet.",
    })
  }
  if (state !== undefined && state !== "enabled" && state !== "unknown") {
    checks.push({
      workspace,
      check,
      state: "warn",
      detail: `The vendor has this sync as ${state}.`,
      guidance: "Enable it at the vendor, unless that is intended.",
    })
  }
  return checks
}

/** From this difference on a clock is worth a word. */
const leastSkew = 5_000

/** Returns a warning for each address whose clock differs from this machine's; `elapsed` writes a duration for people. */
export const clockChecks = (
  ahead: ReadonlyMap<string, number>,
  elapsed: (millis: number) => string,
): ReadonlyArray<Check> =>
  Array.from(ahead)
    .filter(([, skew]) => Math.abs(skew) >= leastSkew)
    .map(([origin, skew]) => ({
      workspace: "clocks",
      check: origin,
      state: "warn",
      detail: `Its clock is ${elapsed(Math.abs(skew))} ${skew > 0 ? "ahead of" : "behind"} this machine's.`,
      guidance: isLoopback(origin)
        ? "An emulator with a speed runs ahead, which is no fault; elsewhere, set the clocks by NTP: freshness and deadlines go by them."
        : "Set this machine's clock by NTP: freshness and deadlines go by it.",
    }))

const isLoopback = (origin: string): boolean => ["127.0.0.1", "localhost", "[::1]"].includes(new URL(origin).hostname)
