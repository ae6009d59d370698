/** What is mutated, and the tests that have to notice it. */
import { files } from "../workspace.ts"

/** What is mutated together, and which tests are near it. */
export interface Area {
  readonly name: string
  /** The files, as patterns from the root. */
  readonly files: ReadonlyArray<string>
  /** The test files of core, by their names. */
  readonly tests: ReadonlyArray<string>
  /** Test files of other packages, as paths from the root. */
  readonly others?: ReadonlyArray<string>
}

const triggerTests = [
  ...["fence", "lookUp", "claims", "closing", "triggerSteps", "triggerLists", "triggerRepeats"],
  ...[
    "triggerStore",
    "triggerProcesses",
    "triggerKeys",
    "triggerEntries",
    "safeTrigger",
    "border",
    "cancel",
    "sending",
    "lease",
  ],
  ...["course", "call", "ends", "keyedCall", "shared", "turns", "whileRunning"],
  ...["settling", "settlingJournal", "pending", "resume", "openEntries", "hold", "interrupts", "hardCases"],
  ...["lateCounts", "repeating", "skipped", "changesPending"],
]

const changeTests = [
  ...["administration", "administrationHostile", "administrationLag", "administrationNames", "administrationNew"],
  ...[
    "administrationRaces",
    "changesJournal",
    "changesPending",
    "changesLeft",
    "changesOvertaken",
    "changesContradicted",
    "changesFound",
    "changesInterrupted",
    "changesStore",
    "changesUnreported",
    "changeParts",
    "changeSteps",
    "foreignChanges",
    "switchOver",
    "fleetConfiguration",
    "plainJson",
    "replacementLag",
    "mask",
    "verify",
  ],
]

export const areas: ReadonlyArray<Area> = [
  {
    name: "trigger",
    files: [
      "packages/core/src/engine/trigger/{call,course,elapsed,ends,hold,keyed,keyedCall,lease,open,pending}.ts",
      "packages/core/src/engine/trigger/{repeating,sending,settling,shared,turns,whileRunning}.ts",
      "packages/core/src/engine/entries.ts",
    ],
    tests: triggerTests,
  },
  { name: "fence", files: ["packages/core/src/engine/trigger/fence.ts"], tests: triggerTests },
  { name: "look-up", files: ["packages/core/src/engine/trigger/lookUp.ts"], tests: triggerTests },
  { name: "claims", files: ["packages/core/src/engine/trigger/claims.ts"], tests: triggerTests },
  {
    name: "waits",
    files: ["packages/core/src/engine/poll/*.ts"],
    tests: [
      ...["rhythm", "dueHeap", "polling", "looks", "waiting", "waitBounds", "waitHistory", "lateCounts", "hints"],
      ...["check", "checkMemory", "planner", "plannerEnds", "ensure", "cancel"],
    ],
  },
  {
    name: "freshness",
    files: ["packages/core/src/engine/freshness/*.ts"],
    tests: ["freshness", "freshnessFacts", "freshnessOracle", "ensure", "ensureBounds", "ensureProcesses", "skipped"],
  },
  {
    name: "rate limit",
    files: ["packages/core/src/engine/rate-limit/*.ts"],
    tests: [
      "slots",
      "grants",
      "lanes",
      "lanesAfterAnswers",
      "rateLimit",
      "rateLimitPriorities",
      "sharedRateLimit",
      "tooManyRequests",
      "limitedWorkspace",
    ],
  },
  {
    name: "journal",
    files: [
      "packages/core/src/journal/{operations,JournalSteps,memory,ProcessState}.ts",
      "packages/core/src/engine/{store,oneJournal}.ts",
    ],
    tests: [
      "journal",
      "journalEntry",
      "journalOperations",
      "journalSteps",
      "triggerStore",
      "triggerProcesses",
      "sharedRateLimit",
    ],
    others: ["packages/conformance/test/journal/memory.test.ts"],
  },
  {
    name: "changes",
    files: [
      "packages/core/src/engine/configuration/{administration,candidates,changeCall,changeContext,create,createKey}.ts",
      "packages/core/src/engine/configuration/{delete,detached,foreignChanges,input,lostChange,openCreate,others,overtaken,ownWrites,pending}.ts",
      "packages/core/src/engine/configuration/{remaining,update}.ts",
    ],
    tests: changeTests,
  },
  {
    name: "moves",
    files: ["packages/core/src/move/*.ts", "packages/core/src/engine/configuration/switching.ts"],
    tests: ["move", "moveSteps", "moveHostile", "moveTrouble", "switchOver"],
  },
  {
    name: "catalogs",
    files: ["packages/core/src/engine/configuration/catalog.ts"],
    tests: ["catalog", "verify", "pages"],
  },
  { name: "closing", files: ["packages/core/src/engine/closing.ts"], tests: triggerTests },
  {
    name: "transports",
    files: ["packages/core/src/http/{KyTransport,failure,bodyBytes,exchange,transportId}.ts"],
    // Not `alone/transportTimeouts`, which needs a worker of its own: the pinned mutant of time-outs runs it.
    tests: ["clientEdges", "failure", "transports", "deliveries", "callbackTransport"],
  },
  {
    name: "client",
    files: ["packages/core/src/http/{VendorClient,answer,deadline,redaction,token,path}.ts"],
    tests: [
      "clientEdges",
      "vendorClient",
      "callbackTransport",
      "redaction",
      "shownValues",
      "deliveries",
      "tooManyRequests",
      "border",
      "expiredTokens",
    ],
  },
]

/** The test files of an area, as paths from the root. */
export const testsOf = ({ tests, others = [] }: Area): ReadonlyArray<string> => [
  ...tests.map((test) => {
    const path = `packages/core/test/${test}.test.ts`
    if (files(path).length === 0) throw new Error(`There are no tests ${path}: see scripts/mutants/targets.ts`)
    return path
  }),
  ...others,
]

/** Tests that take seconds each, by a part of their titles: quicker ones have to notice what they would. */
export const slowTests: ReadonlyArray<string> = [
  "B1: no window at the vendor has more",
  "W4: waits on two hundred other syncs do not starve a wait",
  "W8: ten thousand forged hints",
]

/** A file to mutate. */
export interface Target {
  readonly area: Area
  readonly file: string
}

export const targets: ReadonlyArray<Target> = areas.flatMap((area) =>
  files(...area.files).map((file) => ({ area, file })),
)
