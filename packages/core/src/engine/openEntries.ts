/**
 * The open entries of a workspace that this process knows of, which `openretl.journal.open` counts. It learns from each answer
 * of the store; `pending`, which reads all of them, sets it right where other processes have concluded some.
 */
import * as Effect from "effect/Effect"
import type { Stored } from "../journal/Journal.ts"
import { isOpen, type JournalEntry } from "../model/JournalEntry.ts"
import type { RetlError } from "../model/RetlError.ts"
import type { Record } from "../telemetry/recording.ts"
import type { Subject } from "../telemetry/tracing.ts"
import type { Store } from "./store.ts"

/** A store that counts the open entries of its workspace. */
export interface CountingStore extends Store {
  /** Sets the count right: these are all entries of the workspace that are not concluded. */
  readonly recount: (entries: ReadonlyArray<JournalEntry>) => Effect.Effect<void>
}

export const counting = (store: Store, { vendor, workspace }: Subject, record: Record): CountingStore => {
  const open = new Set<string>()
  const note = (entry: JournalEntry): void => {
    if (entry.vendor !== vendor || entry.workspace !== workspace) return
    if (isOpen(entry)) open.add(entry.id)
    else open.delete(entry.id)
  }
  const report = Effect.suspend(() => record("openretl.journal.open", open.size, {}))
  const learning =
    <Args extends ReadonlyArray<unknown>, A>(
      call: (...args: Args) => Effect.Effect<A, RetlError>,
      learn: (answer: A, ...args: Args) => void,
    ) =>
    (...args: Args): Effect.Effect<A, RetlError> =>
      Effect.tap(call(...args), (answer) => {
        learn(answer, ...args)
        return report
      })
  const noteStored = (answer: Answer): void => {
    const stored = answer === undefined || "entry" in answer ? answer : answer.stored
    if (stored !== undefined) note(stored.entry)
  }
  return {
    ...store,
    mark: learning(store.mark, noteStored),
    update: learning(store.update, noteStored),
    get: learning(store.get, noteStored),
    remove: learning(store.remove, ({ _tag }, { id }) => {
      if (_tag === "Removed") open.delete(id)
    }),
    list: learning(store.list, ({ entries }) => {
      for (const { entry } of entries) note(entry)
    }),
    recount: (entries) =>
      Effect.suspend(() => {
        open.clear()
        for (const entry of entries) note(entry)
        return report
      }),
  }
}

/** An answer of a store that may have an entry. */
type Answer = Stored | { readonly _tag: string; readonly stored?: Stored } | undefined
