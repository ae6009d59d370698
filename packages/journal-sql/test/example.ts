import { Journal } from "@openretl/core/Journal"
import * as SqliteJournal from "@openretl/journal-sql/SqliteJournal"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"

const Shared = SqliteJournal.layerConfig({ filename: Config.String("OPENRETL_JOURNAL") })

/** What a later process finds: the triggers of a workspace that somebody may have to go on with. */
export const pending = Effect.gen(function* () {
  const journal = yield* Journal
  const { entries, unreadable } = yield* journal.list({ workspace: "prod" })
  const lines = entries.map(({ entry, isOwnerAlive }) => {
    const owner = `${entry.owner.host}, process ${entry.owner.pid}`
    return `${entry.key ?? entry.id}: ${entry.state}, by ${owner}${isOwnerAlive ? "" : " (gone)"}`
  })
  return [...lines, ...unreadable.map(({ id, why }) => `${id}: ${why}`)]
}).pipe(Effect.provide(Shared))
