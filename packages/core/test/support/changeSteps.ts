/** Entries and workspaces of tests that take the steps of a change one by one. */
import { DateTime, Duration, Effect } from "effect"
import type { ChangeCall } from "../../src/engine/configuration/changeCall.ts"
import type { WorkspaceContext } from "../../src/engine/context.ts"

/** An entry of the journal, written so many milliseconds before it is read. */
export const entryOf = (state: string, age: number, more: object = {}) => ({
  entry: { id: `${state}-${age}`, kind: "update", state, writtenAt: DateTime.makeUnsafe(1_000_000 - age), ...more },
  readAt: DateTime.makeUnsafe(1_000_000),
})

/** A workspace whose reads lag by a minute, and whose changes take effect within two more. Its journal has these entries. */
export const contextOf = (entries: ReadonlyArray<ReturnType<typeof entryOf>> = []) => {
  const listed: Array<{ readonly states?: ReadonlyArray<string> }> = []
  const context = {
    vendor: "fake",
    baseUrl: "https://fake.example",
    shared: { writes: new Map() },
    readLag: Duration.minutes(1),
    runAppearsWithin: Duration.minutes(2),
    closing: { until: <A>(effect: A) => effect },
    identityOfIds: (ids: object) => JSON.stringify(ids),
    identityOf: ({ ids }: { readonly ids: object }) => JSON.stringify(ids),
    store: {
      list: (filter: { readonly states?: ReadonlyArray<string> }) => {
        listed.push(filter)
        const found = entries.filter(({ entry }) => filter.states?.includes(entry.state) === true)
        return Effect.succeed({ entries: found, unreadable: [] })
      },
    },
  } as never as WorkspaceContext
  return { context, listed }
}

/** A change that is under way. */
export const call = (more: object = {}) =>
  ({ identity: "i", begunAt: { wall: 0, monotonic: 0 }, entry: undefined, ...more }) as never as ChangeCall
