/** The survivors of the journal. */
import type { Survivor } from "./survivor.ts"

export const ofJournal: ReadonlyArray<Survivor> = [
  {
    file: "packages/core/src/engine/store.ts",
    before: "if (exit !== undefined) return exit",
    after: "if (false) return exit",
    kind: "equivalent",
    reason: "It saves work: joining a fiber that has ended returns the same at once.",
  },
  {
    file: "packages/core/src/journal/JournalSteps.ts",
    before: 'const request = "request" in entry && entry.request !== undefined ? { request: entry.request } : {}',
    after: 'const request = "request" in entry || entry.request !== undefined ? { request: entry.request } : {}',
    kind: "equivalent",
    reason: "An entry that was decoded has a request or no such field: the second condition is for the compiler.",
  },
  {
    file: "packages/core/src/journal/memory.ts",
    before: "let stores = 0",
    after: "let stores = 1",
    kind: "equivalent",
    reason: "The ids of stores are compared with each other alone.",
  },
  {
    file: "packages/core/src/journal/memory.ts",
    before: `id: \`memory-\${++stores}\`,`,
    after: `id: \`memory-\${--stores}\`,`,
    kind: "equivalent",
    reason: "The ids of stores are compared with each other alone.",
  },
  {
    file: "packages/core/src/journal/memory.ts",
    before: "let positions = 0",
    after: "let positions = 1",
    kind: "equivalent",
    reason: "Positions are compared with each other alone.",
  },
  {
    file: "packages/core/src/journal/memory.ts",
    before: "if (identity === undefined) return",
    after: "if (false) return",
    kind: "equivalent",
    reason: "An entry that is not there is in no map: the condition is for the compiler.",
  },
  {
    file: "packages/core/src/journal/memory.ts",
    before: "return leaseRow === undefined ? row : { ...row, leaseRow }",
    after: "return false ? row : { ...row, leaseRow }",
    kind: "equivalent",
    reason: "A lease that is `undefined` is read as one that is absent.",
  },
  {
    file: "packages/core/src/journal/memory.ts",
    before: "lease: (identity) => Effect.sync(() => leases.get(identity) ?? { number: 0, until: 0 }),",
    after: "lease: (identity) => Effect.sync(() => leases.get(identity) ?? { number: 0, until: 1 }),",
    kind: "equivalent",
    reason: "Nothing reads the end of a lease without an owner.",
  },
  {
    file: "packages/core/src/journal/memory.ts",
    before:
      "const rows = query.identity === undefined ? entries.values() : (byIdentity.get(query.identity)?.values() ?? [])",
    after: "const rows = true ? entries.values() : (byIdentity.get(query.identity)?.values() ?? [])",
    kind: "equivalent",
    reason: "It saves work: `page` leaves out the entries of other identities.",
  },
  {
    file: "packages/core/src/journal/memory.ts",
    before: ".flatMap(({ requestUntil }) => requestUntil ?? [])",
    after: ".flatMap(({ requestUntil }) => requestUntil)",
    kind: "equivalent",
    reason: "`sort` puts what is undefined last, where it counts as no start.",
  },
  {
    file: "packages/core/src/journal/operations.ts",
    before: "yield* tables.putLease(lease.identity, { number: row.number, until: 0 })",
    after: "yield* tables.putLease(lease.identity, { number: row.number, until: 1 })",
    kind: "equivalent",
    reason: "Nothing reads the end of a lease without an owner.",
  },
  {
    file: "packages/core/src/journal/operations.ts",
    before: "const row = isDraft(target) ? undefined : yield* tables.entry(target.id)",
    after: "const row = false ? undefined : yield* tables.entry(target.id)",
    kind: "equivalent",
    reason: "It saves a read: nothing looks at the row where a draft is marked.",
  },
  {
    file: "packages/core/src/journal/operations.ts",
    before: 'const requestUntil = entry.state === "sent" ? now + Duration.toMillis(entry.request.writeTimeout) : now',
    after: "const requestUntil = true ? now + Duration.toMillis(entry.request.writeTimeout) : now",
    kind: "equivalent",
    reason: "A mark makes an entry that is sent: the condition is for the compiler.",
  },
  {
    file: "packages/core/src/journal/operations.ts",
    before: "{ claimUntil = 0, requestUntil }: { readonly claimUntil?: number; readonly requestUntil?: number },",
    after: "{ claimUntil = 1, requestUntil }: { readonly claimUntil?: number; readonly requestUntil?: number },",
    kind: "equivalent",
    reason: "Both times are long over, and nothing reads the end of a claim of an entry that is not claimed.",
  },
]
