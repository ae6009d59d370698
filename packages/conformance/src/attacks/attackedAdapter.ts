/** An adapter under attack: opened over a transport with one answer, and asked everything that it can be asked. */
import { RetlError } from "@openretl/core/RetlError"
import { type Request, type Service, Transport } from "@openretl/core/Transport"
import * as RecordingTransport from "@openretl/emulator/RecordingTransport"
import type * as Arbitrary from "effect/Arbitrary"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import { expect } from "vitest"
import type { Target } from "../Target.ts"
import * as VirtualTime from "../testbed/virtualTime.ts"

export type Ids = Readonly<Record<string, string>>

/** How one operation ended. */
export interface Outcome {
  readonly name: string
  readonly exit: Exit.Exit<unknown, unknown>
  readonly requests: ReadonlyArray<Request>
}

export interface Attacked extends Pick<Target<unknown, string>, "origin" | "ids" | "bodies"> {
  readonly words: ReadonlyArray<string>
  readonly token: string
  readonly sampling: Arbitrary.CheckOptions
  readonly opened: Effect.Effect<unknown, RetlError>
  /** How every operation ends where this is the answer, with these ids or the ordinary ones. */
  readonly outcomes: (answer: RecordingTransport.Answer, ids?: Ids) => Effect.Effect<ReadonlyArray<Outcome>, RetlError>
}

/** Has what JSON, URLs and Base64 would write in another way. */
const token = "sk/live+9f8e7d6c5b4a=="

export const make = <Opened, Name extends string>(
  target: Target<Opened, Name>,
  sampling: Arbitrary.CheckOptions,
): Attacked => {
  const open = (transport: Service) => Effect.provideService(target.open(Redacted.make(token)), Transport, transport)
  return {
    origin: target.origin,
    ids: target.ids,
    bodies: target.bodies,
    words: target.words ?? [],
    token,
    sampling,
    opened: open(RecordingTransport.make().service),
    outcomes: Effect.fnUntraced(function* (answer, ids = {}) {
      const transport = RecordingTransport.make(answer)
      const operations = target.operations(yield* open(transport.service), { ...target.ids, ...ids })
      return yield* Effect.forEach(Object.entries(operations), ([name, operation]) =>
        Effect.suspend(() => {
          const before = transport.requests.length
          const ended = Effect.exit(Effect.flatten(VirtualTime.drive(operation, "1 second")))
          return Effect.map(ended, (exit) => ({ name, exit, requests: transport.requests.slice(before) }))
        }),
      )
    }),
  }
}

/** The errors that it ended with; a defect or an interrupt is none. */
const errors = (exit: Exit.Exit<unknown, unknown>): ReadonlyArray<RetlError> =>
  Exit.isSuccess(exit)
    ? []
    : exit.cause.reasons.flatMap((reason) =>
        Cause.isFailReason(reason) && reason.error instanceof RetlError ? [reason.error] : [],
      )

/** It ended as a value or as a `RetlError`. */
export const expectTyped = ({ name, exit }: Outcome): void => {
  if (Exit.isSuccess(exit) || errors(exit).length === exit.cause.reasons.length) return
  expect.fail(`${name} ends in neither a value nor a RetlError: ${Cause.pretty(exit.cause).slice(0, 2_000)}`)
}

/** Nothing was sent, and the error says so. */
export const expectUnsent = (outcome: Outcome, what: string): void => {
  expect(outcome.requests, `${outcome.name}, ${what}: nothing is sent`).toEqual([])
  const told = errors(outcome.exit).map(({ delivery }) => delivery)
  expect(told, `${outcome.name}, ${what}: refused, and told so`).toEqual(["not-sent"])
}

/** The tags of the reasons that it failed for. */
export const reasons = ({ exit }: Outcome): ReadonlyArray<string> => errors(exit).map(({ reason }) => reason._tag)
