/**
 * What the participants of a race do, each through a client of its own: in processes of their own where the store can be
 * opened from several, in fibers otherwise. Input and result are JSON.
 */
import type { Service, Version } from "@openretl/core/Journal"
import type { JournalError } from "@openretl/core/JournalError"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { keyed, long, markOf, owner, run, trigger } from "./parts.ts"

/** The inputs of the jobs, by name. */
export interface Inputs {
  /** Claims each key in turn. Returns the numbers of those that it got. */
  readonly claims: { readonly identity: string; readonly keys: ReadonlyArray<string> }
  /** Claims the next attempt after each entry in turn. Returns the numbers of those that it got. */
  readonly nextAttempts: { readonly entries: ReadonlyArray<Version & { readonly key: string }> }
  /** Takes over each entry in turn. Returns the numbers of those that it got. */
  readonly takeOvers: { readonly entries: ReadonlyArray<Version> }
  /** Changes each entry in turn. Returns the numbers of those that it changed. */
  readonly updates: { readonly entries: ReadonlyArray<Version> }
  /** Takes a lease so many times, and gives it back. Returns the numbers of the leases. */
  readonly leases: { readonly identity: string; readonly rounds: number }
  /** Marks a trigger of each sync in turn, under a lease that it gives back at once. Returns those that it marked. */
  readonly marks: { readonly identities: ReadonlyArray<string> }
  /** Marks triggers of syncs that no other participant has. Returns those that were within the limit. */
  readonly starts: { readonly rounds: number; readonly atMost: number; readonly within: Duration.Input }
  /** Returns the id of the store, and whether it got the key. */
  readonly open: { readonly key: string }
}

export type JobName = keyof Inputs

/** What a job returns. */
export interface Results extends Record<JobName, unknown> {
  readonly claims: ReadonlyArray<number>
  readonly nextAttempts: ReadonlyArray<number>
  readonly takeOvers: ReadonlyArray<number>
  readonly updates: ReadonlyArray<number>
  readonly leases: ReadonlyArray<number>
  readonly marks: ReadonlyArray<number>
  readonly starts: ReadonlyArray<number>
  readonly open: { readonly id: string; readonly isClaimed: boolean }
}

type Jobs = {
  readonly [Name in JobName]: (
    journal: Service,
    input: Inputs[Name],
    participant: string,
  ) => Effect.Effect<Results[Name], JournalError>
}

/** Returns the numbers of the values for which the program returns true, after it ran for one after the other. */
const numbersOf = <A>(
  values: ReadonlyArray<A>,
  program: (value: A, number: number) => Effect.Effect<boolean, JournalError>,
) =>
  Effect.gen(function* () {
    const numbers: Array<number> = []
    for (const [number, value] of values.entries()) {
      if (yield* program(value, number)) numbers.push(number)
      yield* Effect.yieldNow
    }
    return numbers
  })

const isTag =
  (tag: string) =>
  (result: { readonly _tag: string }): boolean =>
    result._tag === tag

export const jobs: Jobs = {
  claims: (journal, { identity, keys }, participant) =>
    numbersOf(keys, (key, number) =>
      Effect.map(
        journal.claim({
          draft: keyed(`${participant}-${number}`, { identity, key }),
          owner: owner(participant),
          lease: long,
        }),
        isTag("Claimed"),
      ),
    ),
  nextAttempts: (journal, { entries }, participant) =>
    numbersOf(entries, ({ key, ...after }, number) =>
      Effect.map(
        journal.claim({
          draft: keyed(`${participant}-next-${number}`, { key }),
          owner: owner(participant),
          lease: long,
          after,
        }),
        isTag("Claimed"),
      ),
    ),
  takeOvers: (journal, { entries }, participant) =>
    numbersOf(entries, (version) =>
      Effect.map(journal.takeOver(version, { owner: owner(participant), lease: long }), isTag("Claimed")),
    ),
  updates: (journal, { entries }, participant) =>
    numbersOf(entries, (version) =>
      Effect.map(
        journal.update(version, { state: "started", run: run(participant) }, owner(participant)),
        isTag("Updated"),
      ),
    ),
  leases: (journal, { identity, rounds }, participant) =>
    Effect.gen(function* () {
      const numbers: Array<number> = []
      for (let round = 0; round < rounds; round++) {
        const lease = yield* acquired(journal, identity, `${participant}-${round}`)
        if (lease === undefined) break
        numbers.push(lease.number)
        yield* journal.release(lease)
      }
      return numbers
    }),
  marks: (journal, { identities }, participant) =>
    numbersOf(identities, (identity, number) => markOne(journal, identity, `${participant}-${number}`)),
  starts: (journal, { rounds, atMost, within }, participant) =>
    numbersOf(Array.from({ length: rounds }), (_, number) =>
      markOne(journal, `${participant}-${number}`, `${participant}-${number}`, { starts: [{ atMost, within }] }),
    ),
  open: (journal, { key }, participant) =>
    Effect.map(
      journal.claim({ draft: keyed(participant, { key }), owner: owner(participant), lease: long }),
      ({ _tag }) => ({ id: journal.id, isClaimed: _tag === "Claimed" }),
    ),
}

/** How often a participant tries to get one lease, which others have for some milliseconds. */
const maxTries = 2_000

/** Takes a lease as soon as it is free. Returns `undefined` where it never is. */
const acquired = (journal: Service, identity: string, call: string) =>
  Effect.gen(function* () {
    for (let tries = 0; tries < maxTries; tries++) {
      const result = yield* journal.acquire(identity, owner(call), long)
      if (result._tag === "Acquired") return result.lease
      yield* Effect.yieldNow
    }
    return undefined
  })

/** Marks one trigger, when it has got the lease. */
const markOne = (journal: Service, identity: string, id: string, fields: Parameters<typeof markOf>[2] = {}) =>
  Effect.gen(function* () {
    const lease = yield* acquired(journal, identity, id)
    if (lease === undefined) return false
    const { _tag } = yield* journal.mark(markOf(lease, trigger(id, { identity }), fields))
    yield* journal.release(lease)
    return _tag === "Marked"
  })
