/** An adapter under attack: opened over a transport that always gives the same answer. */
import { RetlError } from "@openretl/core/RetlError"
import { type Request, type Service, Transport } from "@openretl/core/Transport"
import * as RecordingTransport from "@openretl/emulator/RecordingTransport"
import type * as Arbitrary from "effect/Arbitrary"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import { expect } from "vitest"
import { awkwardToken } from "../hostile/tokenEchoes.ts"
import type { Target } from "../Target.ts"
import * as VirtualTime from "../testbed/virtualTime.ts"

export type Ids = Readonly<Record<string, string>>

/** How one operation ended, and the requests that it sent. */
export interface Outcome {
  readonly name: string
  readonly exit: Exit.Exit<unknown, unknown>
  readonly requests: ReadonlyArray<Request>
}

export interface AttackedAdapter extends Pick<Target<unknown, string>, "origin" | "ids" | "bodies"> {
  readonly words: ReadonlyArray<string>
  readonly token: string
  readonly sampling: Arbitrary.CheckOptions
  /** Opens the client and the driver. */
  readonly opened: Effect.Effect<unknown, RetlError>
  /** Runs every operation against this answer. @default ids the ordinary ones @default token the awkward one */
  readonly outcomes: (
    answer: RecordingTransport.Answer,
    ids?: Ids,
    token?: string,
  ) => Effect.Effect<ReadonlyArray<Outcome>, RetlError>
}

export const make = <Opened, Name extends string>(
  target: Target<Opened, Name>,
  sampling: Arbitrary.CheckOptions,
): AttackedAdapter => {
  const open = (transport: Service, token: string = awkwardToken) =>
    Effect.provideService(target.open(Redacted.make(token)), Transport, transport)
  return {
    origin: target.origin,
    ids: target.ids,
    bodies: target.bodies,
    words: target.words ?? [],
    token: awkwardToken,
    sampling,
    opened: open(RecordingTransport.make().service),
    outcomes: Effect.fnUntraced(function* (answer, ids = {}, token = awkwardToken) {
      const transport = RecordingTransport.make(answer)
      const operations = target.operations(yield* open(transport.service, token), { ...target.ids, ...ids })
      return yield* Effect.forEach(Object.entries(operations), ([name, operation]) =>
        Effect.suspend(() => {
          const before = transport.requests.length
          const exit = Effect.exit(Effect.flatten(VirtualTime.drive(operation, "1 second")))
          return Effect.map(exit, (exit) => ({ name, exit, requests: transport.requests.slice(before) }))
        }),
      )
    }),
  }
}

/** The `RetlError`s that an operation ended with. Defects and interrupts are not among them. */
export const errors = (exit: Exit.Exit<unknown, unknown>): ReadonlyArray<RetlError> =>
  Exit.isSuccess(exit)
    ? []
    : exit.cause.reasons.flatMap((reason) =>
        Cause.isFailReason(reason) && reason.error instanceof RetlError ? [reason.error] : [],
      )

/** Expects that the operation ended with a value or a `RetlError`. */
export const expectTypedEnd = ({ name, exit }: Outcome): void => {
  if (Exit.isSuccess(exit) || errors(exit).length === exit.cause.reasons.length) return
  expect.fail(`${name} ends in neither a value nor a RetlError: ${Cause.pretty(exit.cause).slice(0, 2_000)}`)
}

/** Expects that the operation sent nothing, and that its error says so. `input` describes what it was given. */
export const expectUnsent = (outcome: Outcome, input: string): void => {
  expect(outcome.requests, `${outcome.name}, ${input}: no request`).toEqual([])
  const deliveries = errors(outcome.exit).map(({ delivery }) => delivery)
  expect(deliveries, `${outcome.name}, ${input}: an error that says not-sent`).toEqual(["not-sent"])
}

/** Returns the tags of the reasons that the operation failed for. */
export const reasonTags = ({ exit }: Outcome): ReadonlyArray<string> => errors(exit).map(({ reason }) => reason._tag)
