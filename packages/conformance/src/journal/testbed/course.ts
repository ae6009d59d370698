/** The course of a trigger through the journal, which a process is killed in. */
import type { Lease, Service } from "@openretl/core/Journal"
import type { JournalError } from "@openretl/core/JournalError"
import * as Effect from "effect/Effect"
import { identity, keyed, long, markOf, owner, run } from "./parts.ts"

/** The steps, in their order. */
export const steps = ["claim", "acquire", "mark", "update", "release"] as const

export type CourseStep = (typeof steps)[number]

/** A moment of a step: before it, within it right before its writes become durable, and after it. */
export interface CrashPoint {
  readonly step: CourseStep
  readonly moment: "before" | "within" | "after"
}

/** The owner of what the course writes. */
export const courseOwner = owner("killed")

/** Runs the course. `around` runs each step. */
export const course = (
  journal: Service,
  around: <A>(step: CourseStep, program: Effect.Effect<A, JournalError>) => Effect.Effect<A, JournalError>,
): Effect.Effect<void, JournalError> =>
  Effect.gen(function* () {
    const claim = yield* around("claim", journal.claim({ draft: keyed("e1"), owner: courseOwner, lease: long }))
    if (claim._tag !== "Claimed") return yield* Effect.die(new Error("the key is not free"))
    const acquired = yield* around("acquire", journal.acquire(identity, courseOwner, long))
    if (acquired._tag !== "Acquired") return yield* Effect.die(new Error("the lease is not free"))
    const { lease }: { readonly lease: Lease } = acquired
    const mark = yield* around("mark", journal.mark(markOf(lease, { id: "e1", revision: 1 })))
    if (mark._tag !== "Marked") return yield* Effect.die(new Error(`the entry was not marked: ${mark._tag}`))
    yield* around(
      "update",
      journal.update({ id: "e1", revision: 2 }, { state: "started", run: run("r1") }, courseOwner),
    )
    yield* around("release", journal.release(lease))
  })
