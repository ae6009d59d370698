/** What the calls of a workspace have left in the journal, of triggers and of changes. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Stored } from "../journal/Journal.ts"
import type { JournalEntry, Owner } from "../model/JournalEntry.ts"
import { WrongWorkspace } from "../model/Reason.ts"
import type { RetlError } from "../model/RetlError.ts"
import * as Logging from "../telemetry/logging.ts"
import type { WorkspaceContext } from "./context.ts"
import * as RetryLoop from "./retryLoop.ts"

/**
 * Returns the entries of the workspace. Sets the count of open ones right, and logs each record that cannot be decoded.
 */
export const list = Effect.fnUntraced(function* ({
  name: workspace,
  store,
}: WorkspaceContext): Effect.fn.Return<ReadonlyArray<Stored>, RetlError> {
  const found: Array<Stored> = []
  let after: string | undefined
  do {
    const page = yield* store.list({ workspace, limit: 1_000, ...(after !== undefined && { after }) })
    found.push(...page.entries)
    for (const { id, why } of page.unreadable) {
      yield* Logging.warn("A record of the journal cannot be decoded: it stops the triggers of its sync", {
        ...{ workspace, record: id, why },
      })
    }
    after = page.next
  } while (after !== undefined)
  yield* store.recount(found.map(({ entry }) => entry))
  return found
})

/** Fails with `WrongWorkspace` for an entry of another workspace, or of another address of the vendor. */
export const requireOurs = (
  { name, vendor, baseUrl, error }: WorkspaceContext,
  operation: string,
  entry: Pick<JournalEntry, "workspace" | "vendor" | "baseUrl">,
): Effect.Effect<void, RetlError> =>
  entry.workspace === name && entry.vendor === vendor && entry.baseUrl === baseUrl
    ? Effect.void
    : Effect.fail(
        error(operation, new WrongWorkspace({ named: `${entry.vendor} (${entry.workspace}) at ${entry.baseUrl}` })),
      )

/**
 * Removes the entry of a mark, or of a claim, whose answer was lost or came too late for its caller: nothing was sent. Tries
 * again until the store is back or the workspace closes.
 */
export const undo = (
  { store }: WorkspaceContext,
  owner: Owner,
  id: string,
  state: "sent" | "claimed" = "sent",
): Effect.Effect<void> =>
  store.get(id).pipe(
    Effect.flatMap((record) =>
      record?._tag === "Stored" && record.entry.state === state && record.entry.owner.call === owner.call
        ? store.remove(record.entry, owner)
        : Effect.void,
    ),
    Effect.retry(RetryLoop.steady),
    Effect.ignore,
  )

/** How long entries are kept after their end. */
const keptFor = /* @__PURE__ */ Duration.days(7)

/** Forgets old entries, without the caller. */
export const forget = ({ store }: WorkspaceContext): Effect.Effect<void> =>
  Effect.asVoid(Effect.forkDetach(Effect.ignore(store.forget(keptFor))))
