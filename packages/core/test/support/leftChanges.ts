/** Entries that other processes left in a journal, and workspaces that find them. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as ChangeCall from "../../src/engine/configuration/changeCall.ts"
import * as Journal from "../../src/journal/Journal.ts"
import * as ProcessState from "../../src/journal/ProcessState.ts"
import type { ChangeEntry, Draft, Owner } from "../../src/model/JournalEntry.ts"
import type { SyncRef } from "../../src/model/Ref.ts"
import type * as Workspace from "../../src/Workspace.ts"
import * as FakeSyncs from "./fakeSyncs.ts"

export const stranger: Owner = { call: "another-call", host: "another-host", pid: 7 }

/** What was left: by default an update of `s1` whose answer was lost. */
export interface Left {
  readonly id?: string
  readonly kind?: ChangeEntry["kind"]
  readonly identity?: string
  readonly workspace?: string
  readonly vendor?: string
  readonly baseUrl?: string
  readonly key?: string
  readonly sync?: SyncRef
  readonly isTrigger?: boolean
  readonly fingerprint?: Partial<ChangeEntry["fingerprint"]>
  readonly before?: ReadonlyArray<SyncRef>
  readonly exclusive?: boolean
  /** What became of it, step by step. @default its answer was lost */
  readonly became?: ReadonlyArray<Journal.Change>
  /** Whether the call that left it is still at work. */
  readonly isAlive?: boolean
}

/** Opens a journal and a workspace, and returns a function that leaves entries. */
export const open = Effect.fnUntraced(function* (
  fake: FakeSyncs.Fake,
  options: Partial<Workspace.MakeOptions> = {},
  journal: Journal.Service = Journal.memory(),
) {
  const opened = yield* Effect.provideService(
    FakeSyncs.open(fake, { journal, ...options }),
    ProcessState.ProcessState,
    ProcessState.isolated(),
  )
  let minted = 0
  const leave = Effect.fnUntraced(function* (left: Left = {}) {
    const {
      kind = "update",
      sync = kind === "create" ? undefined : FakeSyncs.refOf("s1"),
      became = [lostAnswer],
    } = left
    const ids = JSON.stringify(["fake", fake.driver.baseUrl, sync?.ids["sync"]])
    const identity =
      left.identity ?? (kind === "create" ? identityOfCreates(fake, left.fingerprint?.ends) : `change ${ids}`)
    const { lease } = yield* Effect.flatMap(journal.acquire(identity, stranger, "30 seconds"), (acquired) =>
      acquired._tag === "Acquired" ? Effect.succeed(acquired) : Effect.die("the identity is free"),
    )
    const fields = {
      id: left.id ?? `left-${++minted}`,
      identity,
      vendor: left.vendor ?? "fake",
      baseUrl: left.baseUrl ?? fake.driver.baseUrl,
      workspace: left.workspace ?? "test",
      ...(left.key !== undefined && { key: left.key }),
    }
    const change = { kind, fingerprint: { digest: "d", ends: {}, ...left.fingerprint }, ...(sync && { sync }) }
    const trigger = { kind: "trigger" as const, sync: sync ?? FakeSyncs.refOf("s1") }
    const draft = { ...fields, ...(left.isTrigger === true ? trigger : change) } as Draft
    const claimed =
      left.key === undefined ? undefined : yield* journal.claim({ draft, owner: stranger, lease: "30 seconds" })
    const marked = yield* journal.mark({
      lease,
      entry: claimed?._tag === "Claimed" ? claimed.stored.entry : draft,
      fence: left.isTrigger === true ? noRuns : { syncs: left.before ?? [] },
      exclusive: left.exclusive ?? false,
      writeTimeout: "1 minute",
      runAppearsWithin: "1 minute",
    })
    if (marked._tag !== "Marked") return yield* Effect.die(`a mark, not ${marked._tag}`)
    let { entry } = marked.stored
    for (const step of became) {
      const updated = yield* journal.update(entry, step, stranger)
      if (updated._tag === "Updated") entry = updated.stored.entry
    }
    if (left.isAlive !== true) yield* journal.release(lease)
    return entry as ChangeEntry
  })
  const stateOf = (id: string) =>
    Effect.map(journal.get(id), (record) => (record?._tag === "Stored" ? record.entry.state : record?._tag))
  return { journal, leave, stateOf, ...opened }
})

/** What leases and entries of creates of these ends go by. */
export const identityOfCreates = (fake: FakeSyncs.Fake, ends: Readonly<Record<string, string>> = {}): string =>
  ChangeCall.identityOfEnds({ vendor: "fake", baseUrl: fake.driver.baseUrl } as never, ends)

/** What is written of a create of `FakeSyncs.definition(pair)`. */
export const createOf = (pair: string) => ({
  name: `from ${pair}`,
  ends: { pair },
  digest: ChangeCall.digestOf({ name: `from ${pair}`, spec: { pair, mode: "upsert" } }),
})

export const lostAnswer: Journal.Change = { state: "lost" }

const noRuns = { runs: [], complete: true, newest: DateTime.makeUnsafe(0), asOf: DateTime.makeUnsafe(0) }
