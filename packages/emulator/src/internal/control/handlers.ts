/** What the commands of the control API do. */
import type { FieldIssue } from "@openretl/core/FieldIssue"
import * as KyTransport from "@openretl/core/KyTransport"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type * as Control from "../../Control.ts"
import type { Emulator } from "../../Emulator.ts"
import type { Hint } from "../../Hint.ts"
import { unknownIds, unknownSwitches, unknownSync, wrongIds } from "./checks.ts"

/** The input names what the emulator does not have. Nothing was changed. */
export class InvalidInput extends Data.TaggedError("InvalidInput")<{
  readonly issues: ReadonlyArray<FieldIssue>
}> {}

/** The emulator that is served now, and where. */
export interface Served {
  readonly emulator: Emulator
  readonly url: string
  readonly commands: ReadonlyArray<string>
  /** Runs an effect until the next reset, or until nothing is served any more. */
  readonly background: (work: Effect.Effect<void>) => Effect.Effect<void>
  /** Makes the emulator anew. */
  readonly reset: Effect.Effect<void>
}

/** What carries out each command. */
export type Handlers = {
  readonly [Name in Control.CommandName]: (
    served: Served,
    input: Control.InputOf<Name>,
  ) => Effect.Effect<Control.AnswerOf<Name>, InvalidInput>
}

type Issues = ReadonlyArray<FieldIssue>

const requireNone = (...issues: ReadonlyArray<Issues>): Effect.Effect<void, InvalidInput> => {
  const all = issues.flat()
  return all.length === 0 ? Effect.void : Effect.fail(new InvalidInput({ issues: all }))
}

const requireSync = (emulator: Emulator, sync: Control.InputOf<"script">["sync"]) =>
  Effect.flatMap(unknownSync(emulator, sync, "sync"), requireNone)

/** Carries out a control that throws where its input names something that exists, or does not. */
const requiring = <A>(control: Effect.Effect<A>, ...path: ReadonlyArray<string>): Effect.Effect<A, InvalidInput> =>
  Effect.catchDefect(control, (defect) =>
    Effect.fail(
      new InvalidInput({ issues: [{ path, message: defect instanceof Error ? defect.message : String(defect) }] }),
    ),
  )

const done = Effect.as({})

/** How long the answer to a hint is awaited. */
const answerWithin = "10 seconds"

/** Sends each hint once, whatever becomes of it: one at a time, or without waiting for the answers to those before it. */
const sendAll = (hints: Stream.Stream<Hint>, url: string, isOneAtATime: boolean): Effect.Effect<void> => {
  const transport = KyTransport.make()
  const send = (hint: Hint) =>
    transport
      .send({
        method: "POST",
        url,
        headers: { "content-type": "application/json" },
        body: JSON.stringify(hint),
        maxBytes: 100_000,
      })
      .pipe(Effect.timeout(answerWithin), Effect.ignore)
  return hints.pipe(
    Stream.mapEffect(send, { concurrency: isOneAtATime ? 1 : "unbounded", unordered: !isOneAtATime }),
    Stream.runDrain,
  )
}

export const handlers: Handlers = {
  info: ({ emulator: { vendor, token, workspace }, url, commands }) =>
    Effect.succeed({ vendor, url, token, workspace, commands }),
  truth: ({ emulator }) =>
    Effect.gen(function* () {
      const calls = yield* emulator.calls
      const syncs = yield* emulator.syncs
      const requests = new Map(calls.map((call) => [call.index, call]))
      const runs = yield* Effect.forEach(syncs, ({ ids }) =>
        Effect.map(emulator.runsOf(ids), (runs) =>
          runs.map((run) => {
            const request = run.callIndex === undefined ? undefined : requests.get(run.callIndex)
            return { ...run, sync: ids, ...(request !== undefined && { request }) }
          }),
        ),
      )
      return { now: yield* emulator.now, syncs, runs: runs.flat(), calls, overLimit: yield* emulator.overLimit }
    }),
  reset: ({ reset }) => done(reset),
  addSync: ({ emulator }, options) =>
    Effect.gen(function* () {
      yield* requireNone(wrongIds(emulator.idNames, options))
      return { sync: yield* requiring(emulator.addSync(options), "ids") }
    }),
  addParts: ({ emulator }, { name, ids = {} }) =>
    Effect.gen(function* () {
      yield* requireNone(unknownIds(emulator.idNames, ids, "ids"))
      return { parts: yield* emulator.addParts(name, ids) }
    }),
  setState: ({ emulator }, { sync, state }) =>
    Effect.andThen(requireSync(emulator, sync), done(emulator.setState(sync, state))),
  changeSync: ({ emulator }, { sync, ...change }) =>
    Effect.andThen(requireSync(emulator, sync), done(requiring(emulator.changeSync(sync, change), "fields"))),
  deleteSync: ({ emulator }, { sync }) => Effect.andThen(requireSync(emulator, sync), done(emulator.deleteSync(sync))),
  script: ({ emulator }, { sync, plans }) =>
    Effect.andThen(requireSync(emulator, sync), done(emulator.script(sync, plans))),
  triggerAsStranger: ({ emulator }, { sync, ...options }) =>
    Effect.gen(function* () {
      yield* requireSync(emulator, sync)
      const run = yield* emulator.triggerAsStranger(sync, options)
      return run === undefined ? {} : { run }
    }),
  runsOf: ({ emulator }, { sync }) =>
    Effect.andThen(
      requireSync(emulator, sync),
      Effect.map(emulator.runsOf(sync), (runs) => ({ runs })),
    ),
  stopRun: ({ emulator }, { run }) => done(requiring(emulator.stopRun(run), "run")),
  endRun: ({ emulator }, { run }) => done(requiring(emulator.endRun(run), "run")),
  sendHints: ({ emulator, background }, { url, ...options }) =>
    done(background(sendAll(emulator.hints(options), url, options.ordered === true))),
  addFaults: ({ emulator }, { faults }) =>
    Effect.gen(function* () {
      const issues = yield* Effect.forEach(faults, (fault, index) => {
        const { sync, another } = { another: undefined, ...fault }
        const check = (ids: typeof sync, name: string) =>
          ids === undefined ? Effect.succeed([]) : unknownSync(emulator, ids, "faults", String(index), name)
        return Effect.all([check(sync, "sync"), check(another, "another")])
      })
      yield* requireNone(...issues.flat())
      return yield* done(emulator.addFaults(...faults))
    }),
  clearFaults: ({ emulator }) => done(emulator.clearFaults),
  clearCalls: ({ emulator }) => done(emulator.clearCalls),
  deny: ({ emulator }, { operations }) => done(emulator.deny(operations)),
  rotateToken: ({ emulator }) => Effect.map(emulator.rotateToken, (token) => ({ token })),
  setReadLag: ({ emulator }, { lag }) => done(emulator.setReadLag(lag)),
  setChangeTakes: ({ emulator }, { takes }) => done(emulator.setChangeTakes(takes)),
  setNormalization: ({ emulator }, { kinds }) => done(emulator.setNormalization(...kinds)),
  setOmittedFields: ({ emulator }, { treatment }) => done(emulator.setOmittedFields(treatment)),
  addTraffic: ({ emulator }, options) => done(emulator.addTraffic(options)),
  setSwitches: ({ emulator }, { switches }) =>
    Effect.gen(function* () {
      yield* requireNone(unknownSwitches(emulator, switches, "switches"))
      for (const [name, value] of Object.entries(switches)) yield* emulator.setSwitch(name, value)
      return {}
    }),
}
