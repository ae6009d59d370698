/** What answers to reads show about the facts on which an adapter relies. */
import type { Answer } from "@openretl/core/driver/Answer"
import type { Fact } from "@openretl/core/driver/Description"
import type { Request, Response } from "@openretl/core/Transport"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { VendorName } from "../configuration/vendors.ts"

const isVendorName = Schema.is(VendorName)

/** The registers are loaded only here: no other command needs them. */
const loaders = {
  segment: () => import("@openretl/segment/SegmentFacts"),
  rudderstack: () => import("@openretl/rudderstack/RudderStackFacts"),
  zeotap: () => import("@openretl/zeotap/ZeotapFacts"),
  hightouch: () => import("@openretl/hightouch/HightouchFacts"),
  "fivetran-activations": () => import("@openretl/fivetran-activations/FivetranActivationsFacts"),
} satisfies Record<VendorName, () => Promise<{ readonly facts: ReadonlyArray<Fact> }>>

/** The name of the workspace whose reads a fiber sends. */
export const Workspace = Context.Reference<string>("@openretl/cli/facts/Workspace", { defaultValue: () => "" })

/** Returns an answer as facts look at it. */
export const answerOf = ({ url }: Request, { status, headers, body }: Response): Answer => {
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

/** Returns the facts that answers settle. One answer against a fact outweighs all for it. */
export const settled = (facts: ReadonlyArray<Fact>, answers: ReadonlyArray<Answer>): ReadonlyArray<SettledFact> =>
  facts.flatMap((fact): ReadonlyArray<SettledFact> => {
    const shown = new Set(answers.map((answer) => fact.settledBy?.(answer)))
    if (shown.has(false)) return [{ fact, holds: false }]
    return shown.has(true) ? [{ fact, holds: true }] : []
  })

/** Loads the facts about the vendor of this short name; none of another vendor. */
export const load = (vendor: string): Effect.Effect<ReadonlyArray<Fact>> =>
  isVendorName(vendor)
    ? Effect.map(
        Effect.promise((): Promise<{ readonly facts: ReadonlyArray<Fact> }> => loaders[vendor]()),
        ({ facts }) => facts,
      )
    : Effect.succeed([])
