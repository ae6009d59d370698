/** Checks one law against one adapter: on its own testbed, on a virtual clock that must be in the context. */
import type { Switches } from "@openretl/emulator/Switch"
import * as Effect from "effect/Effect"
import type { Harness, VendorEmulator } from "./Harness.ts"
import type { Law } from "./Law.ts"
import * as Invariants from "./laws/invariants.ts"
import * as Testbed from "./Testbed.ts"
import * as Listener from "./testbed/listener.ts"

export type Verdict = { readonly _tag: "Held" } | { readonly _tag: "Skipped"; readonly reason: string }

/** Succeeds where the law holds or does not apply; anything else is a law that is broken. */
export const verify = <S extends Switches, E extends VendorEmulator>(
  harness: Harness<S, E>,
  law: Law,
): Effect.Effect<Verdict, unknown> =>
  Effect.suspend(() => {
    const listener = Listener.make()
    return Effect.gen(function* () {
      const testbed = yield* Testbed.make(harness, law.setup, listener)
      listener.tokens.push(testbed.emulator.token)
      yield* law.check(testbed)
      // It may have been rotated meanwhile.
      listener.tokens.push(testbed.emulator.token)
      yield* Invariants.check(testbed, law.setup, listener)
      return { _tag: "Held" } as const
    }).pipe(
      Effect.catchIf(isSkipped, ({ reason }) => Effect.succeed({ _tag: "Skipped", reason } as const)),
      Effect.scoped,
      Effect.provide(listener.layer),
    )
  })

const isSkipped = (error: unknown): error is Testbed.Skipped => error instanceof Testbed.Skipped
