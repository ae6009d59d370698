/** Mutants that no test can notice, or that need none, each with the reason. */

import { ofChanges } from "./survivors/changes.ts"
import { ofFreshness } from "./survivors/freshness.ts"
import { ofJournal } from "./survivors/journal.ts"
import { ofRateLimit } from "./survivors/rateLimit.ts"
import { ofRequests } from "./survivors/requests.ts"
import type { Survivor } from "./survivors/survivor.ts"
import { ofWaits } from "./survivors/waits.ts"

const unreadExit = "nobody reads how this fiber ends"

export const survivors: ReadonlyArray<Survivor> = [
  ...ofRateLimit,
  ...ofJournal,
  ...ofWaits,
  ...ofFreshness,
  ...ofChanges,
  ...ofRequests,
  {
    file: "packages/core/src/engine/trigger/keyedCall.ts",
    before:
      "claim === undefined ? Effect.void : Effect.asVoid(closing.background(Effect.ignore(store.remove(claim, owner))))",
    after:
      "claim === undefined ? Effect.void : Effect.asVoid(closing.background(((it) => it)(store.remove(claim, owner))))",
    kind: "equivalent",
    reason: unreadExit,
  },
  {
    file: "packages/core/src/engine/trigger/keyedCall.ts",
    before: "Effect.ignore,",
    after: "((it) => it),",
    kind: "equivalent",
    reason: unreadExit,
  },
  {
    file: "packages/core/src/http/token.ts",
    before: "const unused = { hasServed: () => false, served: () => {} }",
    after: "const unused = { hasServed: () => true, served: () => {} }",
    kind: "equivalent",
    reason: "A fixed token is never read again, whatever it has served.",
  },
  {
    file: "packages/core/src/engine/trigger/ends.ts",
    before: "const { entries } = yield* store.list({ identity: identityOf(ref.sync), states, limit: 1_000 })",
    after: "const { entries } = yield* store.list({ identity: identityOf(ref.sync), states, limit: 2000 })",
    kind: "harmless",
    reason: "No law says how many started entries of a sync are looked through.",
  },
  {
    file: "packages/core/src/engine/trigger/course.ts",
    before: "return recent !== undefined && recent.order > arrival && recent.scope === request.scope",
    after: "return recent !== undefined && recent.order >= arrival && recent.scope === request.scope",
    kind: "equivalent",
    reason: "a place in the order is given once: a start never has that of a call",
  },
  {
    file: "packages/core/src/engine/trigger/shared.ts",
    before: "let order = 0",
    after: "let order = 1",
    kind: "equivalent",
    reason: "places in the order are compared with each other alone",
  },
  {
    file: "packages/core/src/engine/trigger/settling.ts",
    before: "Effect.ignore(Effect.retry(once, growing)).pipe(Effect.ensuring(release)),",
    after: "((it) => it)(Effect.retry(once, growing)).pipe(Effect.ensuring(release)),",
    kind: "equivalent",
    reason: "The pauses never end: nothing fails, and `ignore` only says so to the compiler.",
  },
  {
    file: "packages/core/src/engine/trigger/pending.ts",
    before: 'return { _tag: "NotStarted", evidence: "evidence" in resolution ? resolution.evidence : resolution.why }',
    after: 'return { _tag: "NotStarted", evidence: true ? resolution.evidence : resolution.why }',
    kind: "equivalent",
    reason: "The states that come here resolve to NotStarted, which has evidence: the condition is for the compiler.",
  },
  {
    file: "packages/core/src/engine/trigger/pending.ts",
    before: '({ entry: other }) => other.kind === "trigger" && "run" in other && other.run.run === run.run,',
    after: '({ entry: other }) => other.kind === "trigger" || "run" in other && other.run.run === run.run,',
    kind: "equivalent",
    reason: "Entries of a sync are triggers, and those that are started or finished have a run.",
  },
  {
    file: "packages/core/src/engine/trigger/pending.ts",
    before:
      'const other = listed.entries.find( ({ entry: other }) => other.kind === "trigger" && "run" in other && other.run.run === run.run, )',
    after:
      'const other = listed.entries.findLast(({ entry: other }) => other.kind === "trigger" && "run" in other && other.run.run === run.run)',
    kind: "harmless",
    reason: "The error names one of the entries that have the run.",
  },
  {
    file: "packages/core/src/engine/trigger/hold.ts",
    before: 'if (held === undefined) return Effect.die("a lease that was taken is there")',
    after: 'if (false) return Effect.die("a lease that was taken is there")',
    kind: "equivalent",
    reason: "A call that has taken the lease holds it: the condition is for the compiler.",
  },
  {
    file: "packages/core/src/engine/trigger/lease.ts",
    before: "Effect.ignore,",
    after: "((it) => it),",
    kind: "equivalent",
    reason: unreadExit,
  },
  {
    file: "packages/core/src/engine/trigger/sending.ts",
    before: 'if (!Open.isOpenTrigger(entry)) return yield* Effect.die("a mark returns an entry that is sent")',
    after: 'if (false) return yield* Effect.die("a mark returns an entry that is sent")',
    kind: "equivalent",
    reason: "A mark returns an entry that is sent: the condition is for the compiler.",
  },
  {
    file: "packages/core/src/http/redaction.ts",
    before: "const maxShown = 10_000",
    after: "const maxShown = 20000",
    kind: "harmless",
    reason: "It bounds the work on a long text; what is shown has 500 characters at most.",
  },
  {
    file: "packages/core/src/http/token.ts",
    before: "account: Effect.map(read, (token) => first ?? digest(token)),",
    after: "account: Effect.map(read, (token) => first),",
    kind: "equivalent",
    reason: "A token that was read has set the first digest: the other one is for the compiler.",
  },
  {
    file: "packages/core/src/engine/closing.ts",
    before: "if (entry !== undefined) underWay.delete(entry)",
    after: "if (true) underWay.delete(entry)",
    kind: "equivalent",
    reason: "Without an entry there is nothing to delete: the condition is for the compiler.",
  },
  {
    file: "packages/core/src/engine/trigger/fence.ts",
    before: "...{ runs: [], isOrdered: false, isWhole: false, isUnstable: false, pages: 0, clock: undefined },",
    after: "...{ runs: [], isOrdered: true, isWhole: false, isUnstable: false, pages: 0, clock: undefined },",
    kind: "equivalent",
    reason: "A reading has one page at least, which replaces these values: they are for the compiler.",
  },
  {
    file: "packages/core/src/engine/trigger/fence.ts",
    before: "...{ runs: [], isOrdered: false, isWhole: false, isUnstable: false, pages: 0, clock: undefined },",
    after: "...{ runs: [], isOrdered: false, isWhole: true, isUnstable: false, pages: 0, clock: undefined },",
    kind: "equivalent",
    reason: "A reading has one page at least, which replaces these values: they are for the compiler.",
  },
  {
    file: "packages/core/src/engine/trigger/fence.ts",
    before: "...{ runs: [], isOrdered: false, isWhole: false, isUnstable: false, pages: 0, clock: undefined },",
    after: "...{ runs: [], isOrdered: false, isWhole: false, isUnstable: true, pages: 0, clock: undefined },",
    kind: "equivalent",
    reason: "A reading has one page at least, which replaces these values: they are for the compiler.",
  },
  {
    file: "packages/core/src/engine/trigger/fence.ts",
    before: "...{ runs: [], isOrdered: false, isWhole: false, isUnstable: false, pages: 0, clock: undefined },",
    after: "...{ runs: [], isOrdered: false, isWhole: false, isUnstable: false, pages: 1, clock: undefined },",
    kind: "equivalent",
    reason: "A reading has one page at least, which replaces these values: they are for the compiler.",
  },
  {
    file: "packages/core/src/engine/trigger/fence.ts",
    before:
      "const past = runs.filter((run, index) => !isListed(run) && (!isOrdered || !showsFence || index < oldestListed))",
    after:
      "const past = runs.filter((run, index) => !isListed(run) && (!isOrdered || !showsFence || index <= oldestListed))",
    kind: "equivalent",
    reason: "The run at this index is a listed one, which is left out anyway.",
  },
  {
    file: "packages/core/src/engine/trigger/lookUp.ts",
    before: "yield* Effect.sleep(Math.max(1, Math.min(pause, next - now)))",
    after: "yield* Effect.sleep(Math.max(2, Math.min(pause, next - now)))",
    kind: "harmless",
    reason: "A look comes a millisecond later.",
  },
  {
    file: "packages/core/src/engine/trigger/lookUp.ts",
    before: '? Effect.succeed("unknown")',
    after: '? Effect.succeed("not-sent")',
    kind: "equivalent",
    reason: "Every word but `manual` and `scheduled` means that the schedule is not known.",
  },
  {
    file: "packages/core/src/engine/trigger/lookUp.ts",
    before: ': Effect.orElseSucceed(RetryLoop.read(schedule), () => "unknown" as const)',
    after: ': Effect.orElseSucceed(RetryLoop.read(schedule), () => "not-sent" as const)',
    kind: "equivalent",
    reason: "Every word but `manual` and `scheduled` means that the schedule is not known.",
  },
  {
    file: "packages/core/src/http/failure.ts",
    before: "return Array.isArray(origin.errors) ? codeOf(originOf(origin.errors[0]), depth + 1) : undefined",
    after: "return true ? codeOf(originOf(origin.errors[0]), depth + 1) : undefined",
    kind: "equivalent",
    reason: "An origin without a code has several errors: the condition is for the compiler.",
  },
  {
    file: "packages/core/src/http/transportId.ts",
    before: "let count = 0",
    after: "let count = 1",
    kind: "equivalent",
    reason: "The numbers are compared with each other alone.",
  },
  {
    file: "packages/core/src/http/transportId.ts",
    before: "const number = numbers.get(setting) ?? ++count",
    after: "const number = numbers.get(setting) ?? --count",
    kind: "equivalent",
    reason: "The numbers are compared with each other alone.",
  },
]
