/** One journal for one workspace: two workspaces of a process with one name, vendor and address share theirs. */
import * as Effect from "effect/Effect"
import * as EffectScope from "effect/Scope"
import type { Service as Journal } from "../journal/Journal.ts"
import type { Service as ProcessState } from "../journal/ProcessState.ts"

/** The journal of a workspace, and how many open workspaces have it. */
interface Entry {
  readonly journal: string
  users: number
}

const make = () => new Map<string, Entry>()

/**
 * Notes the journal of a workspace until the scope closes. Fails where an open workspace of the same name has another one:
 * what the two know of a sync's triggers would differ.
 */
export const claim = (
  state: ProcessState,
  transport: object | string,
  name: string,
  journal: Journal,
  scope: EffectScope.Scope,
): Effect.Effect<void, "other-journal"> =>
  Effect.suspend(() => {
    const journals = state.shared(transport, "journals", make)
    const entry = journals.get(name) ?? { journal: journal.id, users: 0 }
    if (entry.journal !== journal.id) return Effect.fail("other-journal" as const)
    journals.set(name, entry)
    entry.users++
    const leave = Effect.sync(() => {
      if (--entry.users === 0) journals.delete(name)
    })
    return EffectScope.addFinalizer(scope, leave)
  })
