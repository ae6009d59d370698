/**
 * The mutants that `npm test` runs: faults that would start a run twice, lose one, break a limit, or say what is not so of
 * the end of a run or of the age of data.
 */

/** A mutant that has to be killed, and the test files of core in which that happens. */
export interface Pinned {
  readonly file: string
  /** The changed lines before and after, as `npm run mutants` prints them. */
  readonly before: string
  readonly after: string
  readonly tests: ReadonlyArray<string>
}

const src = "packages/core/src"

export const pinned: ReadonlyArray<Pinned> = [
  // A request is sent again after a refusal of its token, also where no other token can be read.
  {
    file: `${src}/http/VendorClient.ts`,
    before: "token.canReread ? again(client, call, first, attempt) : attempt(first, 1),",
    after: "true ? again(client, call, first, attempt) : attempt(first, 1),",
    tests: ["vendorClient", "expiredTokens"],
  },
  // A reset connection counts as a request that was not sent.
  {
    file: `${src}/http/failure.ts`,
    before: "return isBeforeConnection.test(String(syscall)) || (isCode(code) && isBeforeRequest.test(code))",
    after: "return isBeforeConnection.test(String(syscall)) || (isCode(code) || isBeforeRequest.test(code))",
    tests: ["failure"],
  },
  // A transport has a time-out of its own.
  {
    file: `${src}/http/KyTransport.ts`,
    before: "const optionsOf = fetch === undefined ? sentOnce : () => ({})",
    after: "const optionsOf = false ? sentOnce : () => ({})",
    tests: ["alone/transportTimeouts"],
  },
  // A request that is answered with 421 is sent again.
  {
    file: `${src}/http/KyTransport.ts`,
    before: 'if (isSent) throw new TransportError({ code: "MISDIRECTED", delivery: "unknown" })',
    after: 'if (false) throw new TransportError({ code: "MISDIRECTED", delivery: "unknown" })',
    tests: ["transports"],
  },
  // The parts of a body are put together wrongly.
  { file: `${src}/http/bodyBytes.ts`, before: "offset += chunk.byteLength", after: "undefined", tests: ["transports"] },
  // A turn begins, and is nobody's.
  {
    file: `${src}/engine/trigger/turns.ts`,
    before: "turn.owner = next.owner",
    after: "undefined",
    tests: ["triggerSteps"],
  },
  // One run is adopted by two triggers.
  {
    file: `${src}/engine/trigger/claims.ts`,
    before: "return runs.filter(({ ref }) => !others.has(ref.run) && !isClaimedByOther(context, ref, entry.id))",
    after: "return runs",
    tests: ["claims"],
  },
  // A schedule that cannot be read starts no runs.
  {
    file: `${src}/engine/trigger/lookUp.ts`,
    before: 'if (schedule === "manual") return undefined',
    after: "if (true) return undefined",
    tests: ["lookUp"],
  },
  // A list that changes while it is read counts as whole.
  {
    file: `${src}/engine/trigger/fence.ts`,
    before: "if (readings === maxReadings) return { ...listing, isWhole: false, isUnstable: true }",
    after: "if (readings === maxReadings) return { ...listing, isWhole: true, isUnstable: true }",
    tests: ["fence"],
  },
  // A run from before the request is adopted.
  {
    file: `${src}/engine/trigger/lookUp.ts`,
    before: 'if (millis < start - skewMillis) return "before"',
    after: 'if (false) return "before"',
    tests: ["lookUp"],
  },
  // Any answer ends the pace after a 429.
  {
    file: `${src}/engine/rate-limit/lanes.ts`,
    before: "if (sentAt !== undefined && sentAt > lane.refusedAt) lane.refusals = 0",
    after: "if (true) lane.refusals = 0",
    tests: ["lanes", "lanesAfterAnswers"],
  },
  // A shorter pause replaces a longer one.
  {
    file: `${src}/engine/rate-limit/lanes.ts`,
    before: "lane.pausedUntil = Math.max(lane.pausedUntil, now + Math.min(demanded, Duration.toMillis(maxPause)))",
    after: "lane.pausedUntil = Math.min(lane.pausedUntil, now + Math.min(demanded, Duration.toMillis(maxPause)))",
    tests: ["lanes", "lanesAfterAnswers"],
  },
  // A request that leaves takes another one's place with it.
  {
    file: `${src}/engine/rate-limit/lanes.ts`,
    before: "if (index >= 0) lanes.waiting.splice(index, 1)",
    after: "if (true) lanes.waiting.splice(index, 1)",
    tests: ["lanes", "lanesAfterAnswers"],
  },
  // A key has two entries, and a sync two open triggers.
  {
    file: `${src}/journal/memory.ts`,
    before: "if (isTaken(row) || hasOtherOpen(row)) return false",
    after: "if (false) return false",
    tests: ["journalOperations"],
  },
  // A wait gives up at its deadline without a look: a run that ended right before counts as running.
  {
    file: `${src}/engine/poll/planner.ts`,
    before: "if (waiter.isLate) return leave(waiter, tooLate(waiter))",
    after: "if (true) return leave(waiter, tooLate(waiter))",
    tests: ["waitBounds"],
  },
  // A hint that comes during a look is lost.
  {
    file: `${src}/engine/poll/planner.ts`,
    before: "entry.hintedAt = now",
    after: "undefined",
    tests: ["planner"],
  },
  // A date of the vendor proves freshness without a margin.
  {
    file: `${src}/engine/freshness/judge.ts`,
    before: "const atMost = Math.min(age + margin, isQueued ? readLag : Number.POSITIVE_INFINITY)",
    after: "const atMost = Math.min(age - margin, isQueued ? readLag : Number.POSITIVE_INFINITY)",
    tests: ["freshness"],
  },
  // `ensure` triggers, whatever its look has found.
  {
    file: `${src}/engine/trigger/course.ts`,
    before: 'if (looked !== undefined) return { _tag: "Looked", looked }',
    after: 'if (false) return { _tag: "Looked", looked }',
    tests: ["ensureBounds"],
  },
  // A change of another hand is undone in silence.
  {
    file: `${src}/engine/configuration/foreignChanges.ts`,
    before: 'if (!isPartial) note(differences(part, change, before, seen, "gone"))',
    after: 'if (false) note(differences(part, change, before, seen, "gone"))',
    tests: ["foreignChanges"],
  },
  // An older state is sent back, although a newer one was read.
  {
    file: `${src}/engine/configuration/foreignChanges.ts`,
    before: "if (again === undefined) return current",
    after: "if (true) return current",
    tests: ["foreignChanges"],
  },
  // A switch-over decides by what reads show before they show what was written.
  {
    file: `${src}/engine/configuration/others.ts`,
    before: "return context.closing.until(Effect.sleep(Duration.millis(Math.max(0, ...waits))))",
    after: "return context.closing.until(Effect.sleep(Duration.millis(Math.min(0, ...waits))))",
    tests: ["changeSteps"],
  },
  // What was written lately does not count over reads.
  {
    file: `${src}/engine/configuration/ownWrites.ts`,
    before: "if (isShown && since(at, now) > lag) continue",
    after: "if (true) continue",
    tests: ["changeSteps"],
  },
]
