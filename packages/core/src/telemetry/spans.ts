/** The spans: their names, kinds, places and attributes. */
import type { AttributeName, callOperations } from "./attributes.ts"

/** What the contract says of a span. */
export interface Span {
  /** What it lasts as long as, in one sentence. */
  readonly meaning: string
  readonly kind: "internal" | "client"
  /** What it is a child of: the span of a call, of a part of a call, or of whatever the program has. */
  readonly parent: "program" | "call" | "part"
  /** The attributes of every such span. */
  readonly attributes: ReadonlyArray<AttributeName>
  /** Attributes that only some have, as on failure. */
  readonly optional: ReadonlyArray<AttributeName>
}

const given = ["openretl.vendor", "openretl.workspace", "openretl.operation"] as const

const ofRun = [
  "openretl.sync.ref",
  "openretl.run.ref",
  "openretl.run.status",
  "openretl.rows.succeeded",
  "openretl.rows.failed",
  "openretl.rows.unaccounted",
] as const

const always = ["openretl.sync.name", "error.type"] as const

const ofTrigger = [
  "openretl.trigger.result",
  "openretl.guard",
  "openretl.scope",
  "openretl.key",
  "openretl.entry.id",
] as const

const judged = ["openretl.run.verdict", "openretl.how"] as const

const call = <const Optional extends ReadonlyArray<AttributeName>>(meaning: string, optional: Optional) =>
  ({
    meaning,
    kind: "internal",
    parent: "program",
    attributes: given,
    optional: [...always, "openretl.sync.ref", ...optional],
  }) as const

const trigger = call("Triggering a run.", [...ofTrigger, ...ofRun, "openretl.how"])
const run = call("Triggering a run, and waiting for its end.", [...ofTrigger, ...ofRun, ...judged])
const ensure = call("Making data fresh.", [...ofTrigger, ...ofRun, ...judged])
const change = (meaning: string) => call(meaning, ["openretl.entry.id", "openretl.key"])

/** The spans of calls, by their names, each with its operation. */
export const calls = {
  "Runs.trigger": { ...trigger, operation: "trigger" },
  "Runs.run": { ...run, operation: "run" },
  "Runs.ensure": { ...ensure, operation: "ensure" },
  "ScopedTriggers.trigger": { ...trigger, operation: "trigger" },
  "ScopedTriggers.run": { ...run, operation: "run" },
  "ScopedTriggers.ensure": { ...ensure, operation: "ensure" },
  "Runs.pending": { ...call("Listing what calls have left.", []), operation: "pending" },
  "Runs.resolve": {
    ...call("Finding out what became of a trigger.", ["openretl.entry.id", ...ofRun]),
    operation: "resolve",
  },
  "Runs.resume": {
    ...call("Going on with the run of an entry or a key.", ["openretl.entry.id", "openretl.key", ...ofRun, ...judged]),
    operation: "resume",
  },
  "Runs.settle": { ...call("Concluding an entry by hand.", ["openretl.entry.id"]), operation: "settle" },
  "Runs.get": { ...call("Reading a run.", ofRun), operation: "get" },
  "Runs.list": { ...call("Reading the runs of a sync, as long as the stream is read.", []), operation: "list" },
  "Runs.freshness": { ...call("Reading how fresh the data are.", ofRun), operation: "freshness" },
  "Runs.wait": { ...call("Waiting for the end of a run.", [...ofRun, ...judged]), operation: "wait" },
  "Runs.watch": { ...call("Watching a run, as long as the stream is read.", ofRun), operation: "watch" },
  "Runs.check": { ...call("One look at a run.", [...ofRun, ...judged]), operation: "check" },
  "Runs.notice": { ...call("Taking a hint.", ["openretl.run.ref"]), operation: "notice" },
  "Cancellation.cancel": { ...call("Cancelling a run.", ofRun), operation: "cancel" },
  "CurrentWorkspace.check": { ...call("Testing access.", []), operation: "check" },
  "Catalog.list": {
    ...call("Reading the configured syncs, as long as the stream is read.", []),
    operation: "listSyncs",
  },
  "Catalog.get": { ...call("Reading a configured sync.", []), operation: "getSync" },
  "Administration.update": { ...change("Changing a sync."), operation: "updateSync" },
  "Administration.pause": { ...change("Switching a sync off."), operation: "pauseSync" },
  "Administration.resume": { ...change("Switching a sync on."), operation: "resumeSync" },
  "Administration.setSchedule": { ...change("Replacing the schedule of a sync."), operation: "setSchedule" },
  "Administration.pending": { ...call("Listing what changes have left.", []), operation: "pending" },
  "Administration.resolve": { ...change("Finding out what became of a change."), operation: "resolve" },
  "Administration.settle": { ...change("Concluding the entry of a change by hand."), operation: "settle" },
  "Creation.create": { ...change("Creating a sync."), operation: "createSync" },
  "Deletion.delete": { ...change("Deleting a sync."), operation: "deleteSync" },
  "Fleet.runAll": {
    meaning: "Running a batch of jobs, each to its end. The spans of its runs are its children.",
    kind: "internal",
    parent: "program",
    attributes: ["openretl.operation", "openretl.jobs"],
    optional: ["error.type"],
    operation: "runAll",
  },
  "Move.switchOver": { ...call("Switching from one sync to another.", []), operation: "switchOver" },
} as const satisfies Readonly<Record<string, Span & { readonly operation: (typeof callOperations)[number] }>>

const part = (meaning: string, optional: ReadonlyArray<AttributeName> = []) =>
  ({
    meaning,
    kind: "internal",
    parent: "call",
    attributes: ["openretl.vendor", "openretl.workspace"],
    optional: ["error.type", ...optional],
  }) as const

/** The spans of parts of a call, by their names. */
export const parts = {
  "openretl.turn.wait": part("Waiting while another call of this process is at work on the sync."),
  "openretl.lease.wait": part("Waiting while another process is at work on the sync."),
  "openretl.rate_limit.wait": {
    ...part("Waiting for the rate limit; only where it does not grant the request at once."),
    attributes: given,
    parent: "part",
  },
  "openretl.fence": part(
    "Reading the runs right before a trigger. Has the run that is under way, where one is.",
    ofRun,
  ),
  "openretl.look_up": part(
    "Looking up what became of a request whose answer was lost, or does not show it. Has the run that it found.",
    ofRun,
  ),
  "openretl.poll": part(
    "One look at runs that are waited for. It is a child of one of the waits, and has links to all of them, at most 16.",
  ),
} as const satisfies Readonly<Record<string, Span>>

/** The span of one HTTP request. Its name is the method and the route, as in `GET /v2/retl-connections/{connection}`. */
export const request = {
  meaning: "One HTTP request to the vendor, from its beginning to the end of its answer.",
  kind: "client",
  parent: "part",
  attributes: [...given, "http.request.method", "server.address", "url.template"],
  optional: ["server.port", "http.response.status_code", "http.request.resend_count", "error.type"],
} as const satisfies Span

/** The name of a call's span. */
export type CallName = keyof typeof calls

/** The name of a part's span. */
export type PartName = keyof typeof parts
