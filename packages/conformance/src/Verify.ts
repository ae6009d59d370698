/** Checks one law against one adapter: on its own lab, on a virtual clock that must be in the context. */
import type { Switches } from "@openretl/emulator/Switch"
import * as Effect from "effect/Effect"
import type { Harness, VendorEmulator } from "./Harness.ts"
import * as Invariants from "./internal/invariants.ts"
import * as Listener from "./internal/listener.ts"
import * as Lab from "./Lab.ts"
import type { Law } from "./Law.ts"

export type Verdict = { readonly _tag: "Held" } | { readonly _tag: "Skipped"; readonly reason: string }

/** Succeeds where the law holds or does not apply; anything else is a law that is broken. */
export const verify = <S extends Switches, E extends VendorEmulator>(
  harness: Harness<S, E>,
  law: Law,
): Effect.Effect<Verdict, unknown> =>
  Effect.suspend(() => {
    const listener = Listener.make()
    return Effect.gen(function* () {
      const lab = yield* Lab.make(harness, law.setup, listener)
      listener.tokens.push(lab.emulator.token)
      yield* law.check(lab)
      // It may have been rotated meanwhile.
      listener.tokens.push(lab.emulator.token)
      yield* Invariants.check(lab, law.setup, listener)
      return { _tag: "Held" } as const
    }).pipe(
      Effect.catchIf(isSkipped, ({ reason }) => Effect.succeed({ _tag: "Skipped", reason } as const)),
      Effect.scoped,
      Effect.provide(listener.layer),
    )
  })

const isSkipped = (error: unknown): error is Lab.Skipped => error instanceof Lab.Skipped
