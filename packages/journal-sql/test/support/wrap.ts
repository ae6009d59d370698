/** Databases that tests stand in front of. */
import { Effect } from "effect"
import type { Database } from "../../src/internal/sql.ts"

/** Calls `at` at the end of each transaction, right before it is committed. */
export const withPoint =
  (at: (point: string) => Effect.Effect<void>) =>
  ({ query, transaction }: Database): Database => ({
    query,
    transaction: (program) => transaction(Effect.tap(program, at("before the commit"))),
  })

/** Rewrites each statement. */
export const rewriting =
  (rewrite: (text: string) => string) =>
  ({ query, transaction }: Database): Database => ({
    transaction,
    query: (text, ...parameters) => query(rewrite(text), ...parameters),
  })
