/** Checks one law against one adapter. */
import type { Switches } from "@openretl/emulator/Switch"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type { Harness, VendorEmulator } from "./Harness.ts"
import type { Law } from "./Law.ts"
import * as Invariants from "./laws/invariants.ts"
import * as Testbed from "./Testbed.ts"
import * as Exchanges from "./testbed/exchanges.ts"
import * as Listener from "./testbed/listener.ts"

/** The result of checking a law: the adapter keeps it, or it does not apply to this adapter. */
export type Verdict = { readonly _tag: "Kept" } | { readonly _tag: "Skipped"; readonly reason: string }

/**
 * Checks a law on a testbed made for it. The caller provides a `TestClock`. Returns a verdict where the law holds or
 * does not apply; a failure or a defect means that the adapter breaks the law.
 */
export const verify = <S extends Switches, E extends VendorEmulator>(
  harness: Harness<S, E>,
  law: Law,
): Effect.Effect<Verdict, unknown> =>
  Effect.suspend(() => {
    const listener = Listener.make()
    let made: Testbed.Testbed | undefined
    return Effect.gen(function* () {
      const testbed = yield* Testbed.make(harness, law.setup, listener)
      made = testbed
      listener.tokens.push(testbed.emulator.token)
      yield* law.check(testbed)
      // The law may have rotated the token.
      listener.tokens.push(testbed.emulator.token)
      yield* Invariants.check(testbed, law.setup, listener)
      return { _tag: "Kept" } as const
    }).pipe(
      Effect.catchIf(isSkipped, ({ reason }) => Effect.succeed({ _tag: "Skipped", reason } as const)),
      Effect.onError((cause) => Effect.sync(() => addExchanges(Cause.squash(cause), made))),
      Effect.scoped,
      Effect.provide(listener.layer),
    )
  })

/** Adds the last requests and answers of a law to the message of the error that breaks it. */
const addExchanges = (error: unknown, testbed: Testbed.Testbed | undefined): void => {
  if (!(error instanceof Error) || testbed === undefined || error.message.includes(heading)) return
  const lines = Exchanges.last(testbed.wire.sent, 5).map((line) => `  ${line}`)
  if (lines.length === 0 || Object.getOwnPropertyDescriptor(error, "message")?.writable !== true) return
  error.message = [error.message, "", heading, ...lines].join("\n")
}

const heading = "The last requests:"

const isSkipped = (error: unknown): error is Testbed.Skipped => error instanceof Testbed.Skipped
