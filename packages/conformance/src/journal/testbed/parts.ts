/** Entries, owners and requests that laws are made of. */
import type { Lease, MarkRequest, Service, Stored, Version } from "@openretl/core/Journal"
import type { Draft, Owner } from "@openretl/core/JournalEntry"
import { RunRef, SyncRef } from "@openretl/core/Ref"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Possible } from "../JournalHarness.ts"
import { Skipped } from "../JournalLaw.ts"

/** A lease that does not expire while a law looks at it. */
export const long = "10 minutes"

/** A lease of which a law looks at nothing but that it has expired after `afterShort`. */
export const short = "400 millis"

/** A time after which a short lease has expired. */
export const afterShort = "500 millis"

/** A lease that is alive when a law looks next, on a busy machine too, and that has expired after `afterBrief`. */
export const brief = "2 seconds"

export const afterBrief = "2100 millis"

export const sync = new SyncRef({ workspace: "prod", vendor: "acme", ids: { sync: "7" } })

export const identity = '["acme","https://api.acme.test","7"]'

export const otherIdentity = '["acme","https://api.acme.test","8"]'

export const owner = (call: string, host = "host-a"): Owner => ({ host, pid: 1, call })

export const run = (id: string): RunRef => new RunRef({ sync, run: id })

type Trigger = Extract<Draft, { readonly kind: "trigger" }>

/** A trigger without a key. */
export const trigger = (id: string, fields: Partial<Trigger> = {}): Trigger => ({
  kind: "trigger",
  id,
  identity,
  vendor: "acme",
  baseUrl: "https://api.acme.test",
  workspace: "prod",
  sync,
  ...fields,
})

export const key = "nightly/2026-11-27"

/** A trigger with a key. */
export const keyed = (id: string, fields: Partial<Trigger> = {}): Trigger => trigger(id, { key, ...fields })

export const versionOf = ({ entry: { id, revision } }: Stored): Version => ({ id, revision })

/** What marks an entry. */
export const markOf = (lease: Lease, entry: MarkRequest["entry"], fields: Partial<MarkRequest> = {}): MarkRequest => ({
  lease,
  entry,
  fence: { runs: ["r0"], complete: true },
  exclusive: false,
  writeTimeout: "180 seconds",
  runAppearsWithin: "60 seconds",
  ...fields,
})

/** Claims a key that is free. */
export const claimed = Effect.fnUntraced(function* (
  journal: Service,
  call: Owner,
  draft: Draft = keyed("e1"),
  lease: Duration.Input = long,
) {
  const result = yield* journal.claim({ draft, owner: call, lease })
  if (result._tag === "Claimed") return result.stored
  return yield* Effect.die(new Error("the key is not free"))
})

/** Takes a lease that is free. */
export const leased = Effect.fnUntraced(function* (
  journal: Service,
  call: Owner,
  of: string = identity,
  duration: Duration.Input = long,
) {
  const result = yield* journal.acquire(of, call, duration)
  if (result._tag === "Acquired") return result.lease
  return yield* Effect.die(new Error("the lease is not free"))
})

/** Marks a trigger without a key, and gives its lease back. */
export const marked = Effect.fnUntraced(function* (
  journal: Service,
  call: Owner,
  draft: Draft = trigger("e1"),
  fields: Partial<MarkRequest> = {},
) {
  const lease = yield* leased(journal, call, draft.identity)
  const result = yield* journal.mark(markOf(lease, draft, fields))
  yield* journal.release(lease)
  if (result._tag === "Marked") return result.stored
  return yield* Effect.die(new Error(`the entry was not marked: ${result._tag}`))
})

/** Returns what a place has, or skips the law with the place's reason. */
export const required = <A extends object>(possible: Possible<A>): Effect.Effect<A, Skipped> =>
  "impossible" in possible ? Effect.fail(new Skipped({ reason: possible.impossible })) : Effect.succeed(possible)
