/**
 * Answers to a trigger that name another run than the one that it started, or none: a vendor that errs, or a gateway that
 * replays answers. The emulator counts: after a request that it accepted, the call sends no other.
 */

import type * as Transport from "@openretl/core/Transport"
import type { WhenRunning } from "@openretl/core/Trigger"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import { type Law, law } from "../../Law.ts"
import type { Testbed } from "../../Testbed.ts"
import * as Random from "../../testbed/random.ts"
import * as Wire from "../../testbed/wire.ts"
import { unknownId } from "../unknownId.ts"

/** What the answer to a trigger names. */
const names = [
  "its run",
  "an old run",
  "a run of another sync",
  "no run that exists",
  "an empty id",
  "nothing",
  "replayed",
] as const
type Named = (typeof names)[number]

/** Makes the answers to accepted triggers name this. */
const nameInAnswers = (
  testbed: Testbed,
  named: Named,
  ids: { readonly old: string; readonly foreign: string; readonly replayed: Transport.Response | undefined },
  created: () => string | undefined,
): void => {
  testbed.wire.rewrite = (response, request) => {
    const run = created()
    if (!Wire.isWrite(request) || response.status >= 300 || run === undefined || named === "its run") return response
    if (named === "nothing") return { ...response, body: new Uint8Array() }
    if (named === "replayed") return ids.replayed ?? response
    const other = { "an old run": ids.old, "a run of another sync": ids.foreign, "an empty id": "" }
    const id = named === "no run that exists" ? unknownId(run) : other[named]
    return Wire.response(response.status, Wire.bodyText(response).replaceAll(run, id), response.headers)
  }
}

const modes: ReadonlyArray<WhenRunning> = ["fail", "wait", "skip", "adopt"]

export const oddAnswerLaws: ReadonlyArray<Law> = [
  law(
    "T4",
    "whatever run the answer to an accepted trigger names, the call sends no second request",
    { emulator: { plan: { duration: "90 seconds" } }, workspace: { rateLimitShare: 1 } },
    (testbed) =>
      Effect.gen(function* () {
        const random = Random.make(6)
        const other = yield* testbed.addSync()
        const foreign = (yield* testbed.emulator.triggerAsStranger(other.ids)) ?? "none"
        for (let round = 0; round < 60; round++) {
          const { ids, ref } = yield* testbed.addSync()
          const old = (yield* testbed.emulator.triggerAsStranger(ids, { plan: { duration: "1 second" } })) ?? "none"
          yield* testbed.advance("10 minutes")
          const named = random.pick(names)
          let replayed: Transport.Response | undefined
          if (named === "replayed") {
            testbed.wire.rewrite = (response, request) => {
              if (Wire.isWrite(request)) replayed = response
              return response
            }
            yield* testbed.run(testbed.runs.trigger(ref, { whenRunning: "fail" }))
            yield* testbed.advance("10 minutes")
          }
          const from = (yield* testbed.emulator.calls).length
          const created = () => Effect.runSync(testbed.emulator.calls).at(-1)?.createdRun
          nameInAnswers(testbed, named, { old, foreign, replayed }, created)
          const whenRunning = random.pick(modes)
          const result = yield* testbed.result(
            testbed.runs.trigger(ref, { whenRunning, exclusive: random.next() < 0.5 }),
            "2 hours",
          )
          const starts = (yield* testbed.emulator.calls).slice(from).filter(({ operation }) => operation === "start")
          const accepted = starts.findIndex(({ createdRun }) => createdRun !== undefined)
          expect(starts.length - 1, `${named}, ${whenRunning}: nothing after the accepted request`).toBe(accepted)
          const own = starts[accepted]?.createdRun
          if (result._tag === "Success" && result.success._tag === "Adopted") {
            const { because, run } = result.success
            if (because === "lost-answer") expect(run.run, `${named}, ${whenRunning}`).toBe(own)
          }
          testbed.wire.rewrite = (response) => response
          yield* testbed.advance("30 minutes")
        }
      }),
  ),
]
