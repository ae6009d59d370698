/** The log lines: their levels and annotations. */

/** What the contract says of a log line. */
export interface LogLine {
  readonly level: "Debug" | "Info" | "Warn" | "Error"
  /** The annotations of every line. */
  readonly annotations: ReadonlyArray<Annotation>
  /** Annotations that only some lines have. */
  readonly optional: ReadonlyArray<Annotation>
}

/** What the annotations of log lines mean. Refs, ids and counts are the same as those of spans. */
export const annotations = {
  vendor: "The vendor's short name.",
  workspace: "The workspace's name.",
  workspaces: "The names of two workspaces.",
  operation: "What was called, or the kind of the request.",
  sync: "The ref of the sync, as text.",
  run: "The ref of the run, as text.",
  entry: "The id of the entry in the journal.",
  entries: "The ids of entries in the journal.",
  record: "The id of a record of the journal.",
  key: "The key that the caller passed.",
  result: "How the trigger ended.",
  guard: "What kept another run from starting beside this one.",
  because: "Why a run was adopted, or a trigger skipped.",
  status: "The status of the run, or of the HTTP answer.",
  verdict: "The judgment of the run by the caller's policy.",
  succeeded: "The rows that reached the destination.",
  failed: "The rows that failed, invalid ones included.",
  unaccounted: "The rows that the vendor's counts leave out.",
  seconds: "How long the run took, or the request.",
  age: "How old the run or the entry is.",
  usual: "How long the past runs of the sync took.",
  error: "Our code of the error.",
  method: "The HTTP method.",
  route: "The route of the request, with names in the place of ids.",
  candidates: "The refs of what could be this call's.",
  settlement: "What a person decided.",
  concluded: "What the entry said before.",
  why: "What is wrong with the record, without its values.",
  vendorStatus:
    "The vendor's word for a status; `(not a word)` for a text that has other characters than letters, digits, `_`, `-` and spaces, or more than 40 of them.",
  from: "The ref of the sync that is switched off.",
  to: "The ref of the sync that is switched on.",
  step: "The step at which a switch-over was interrupted.",
  outcome: "What became of it.",
  ends: "The ids of what a new sync is to connect.",
  name: "The name that a sync is to have.",
  was: "The kind of the earlier change.",
  missing: "The names of the fields that the sync does not have yet.",
  fields: "The names of the fields that somebody else changed.",
  filename: "The file of the journal.",
  jobs: "The jobs of a batch that had not ended, each with its verdict, and with its run or its entry.",
} as const satisfies Readonly<Record<string, string>>

/** The name of an annotation. */
export type Annotation = keyof typeof annotations

const ofTrigger = ["workspace", "sync", "result"] as const
const ofChange = ["workspace", "operation"] as const
const namesOfChange = ["sync", "ends", "name"] as const

/** Every log line that OpenRETL writes, by its message. */
export const lines = {
  "A trigger has ended": {
    level: "Info",
    annotations: ofTrigger,
    optional: ["run", "guard", "because", "key", "entry", "error"],
  },
  "A run was adopted": { level: "Info", annotations: ["workspace", "run", "because"], optional: [] },
  "A run has ended": {
    level: "Info",
    annotations: ["workspace", "run", "status", "verdict", "seconds"],
    optional: ["succeeded", "failed", "unaccounted"],
  },
  "A request has ended": {
    level: "Debug",
    annotations: ["workspace", "operation", "method", "route", "seconds"],
    optional: ["status", "error"],
  },
  "The answer to a trigger was lost: core looks up what became of it": {
    level: "Warn",
    annotations: ["workspace", "sync", "entry", "error"],
    optional: [],
  },
  "A trigger may have started a run: its entry stays open": {
    level: "Warn",
    annotations: ["workspace", "sync", "entry", "candidates"],
    optional: [],
  },
  "A run takes much longer than the past runs of its sync": {
    level: "Warn",
    annotations: ["run", "age", "usual"],
    optional: [],
  },
  "The adapter does not list a vendor's status; name its meaning in statusWords": {
    level: "Warn",
    annotations: ["vendor", "workspace", "vendorStatus"],
    optional: [],
  },
  "A key is remembered from more than a day ago: a key names one occasion, not a job": {
    level: "Warn",
    annotations: ["sync", "key", "age"],
    optional: [],
  },
  "A trigger was left unsettled; the journal has its entry": {
    level: "Warn",
    annotations: ["entry", "sync"],
    optional: [],
  },
  "An open entry was abandoned, as whenOpen says": {
    level: "Warn",
    annotations: ["entry", "sync", "candidates"],
    optional: [],
  },
  "An entry was settled by hand": { level: "Info", annotations: ["entry", "sync", "settlement"], optional: [] },
  "A record of the journal cannot be decoded: it stops the triggers of its sync": {
    level: "Warn",
    annotations: ["workspace", "record", "why"],
    optional: [],
  },
  "The journal cannot be written: what became of a trigger is written once the store is back": {
    level: "Error",
    annotations: ["entry", "sync"],
    optional: ["run"],
  },
  "The workspace closed before the journal could be written: the entry stays open": {
    level: "Error",
    annotations: ["entry", "sync"],
    optional: ["run"],
  },
  "An entry was concluded otherwise than the vendor's answer, which now stands": {
    level: "Error",
    annotations: ["entry", "run", "concluded"],
    optional: [],
  },
  "Two workspaces use one token and share its rate limit": {
    level: "Warn",
    annotations: ["vendor", "workspaces"],
    optional: [],
  },
  "Change completed after its caller was interrupted": {
    level: "Warn",
    annotations: [...ofChange, "outcome"],
    optional: [...namesOfChange, "error", "missing"],
  },
  "A change was left unsettled": {
    level: "Warn",
    annotations: ofChange,
    optional: namesOfChange,
  },
  "The journal could not be written: core tries again": {
    level: "Warn",
    annotations: [...ofChange, "error"],
    optional: namesOfChange,
  },
  "What became of a change was left unwritten": {
    level: "Error",
    annotations: ofChange,
    optional: namesOfChange,
  },
  "The entry of a change was settled by hand": {
    level: "Info",
    annotations: [...ofChange, "entry", "settlement"],
    optional: namesOfChange,
  },
  "An earlier create may have happened: it is given up": {
    level: "Warn",
    annotations: [...ofChange, "entry", "candidates"],
    optional: namesOfChange,
  },
  "An earlier change of the sync may have happened: it is given up": {
    level: "Warn",
    annotations: [...ofChange, "entry", "was"],
    optional: namesOfChange,
  },
  "An earlier change of the sync took effect after a later one, which is sent again": {
    level: "Warn",
    annotations: [...ofChange, "entries", "fields"],
    optional: namesOfChange,
  },
  "Another hand changed the sync while it was updated": {
    level: "Warn",
    annotations: [...ofChange, "fields"],
    optional: namesOfChange,
  },
  "A batch was interrupted: its runs go on at their vendors": {
    level: "Warn",
    annotations: ["jobs"],
    optional: ["key"],
  },
  "The journal of an interrupted batch could not be read": { level: "Warn", annotations: ["error"], optional: [] },
  "The onEnd of a batch has thrown": { level: "Warn", annotations: ["error"], optional: [] },
  "A switch-over was interrupted": { level: "Warn", annotations: ["from", "to", "outcome"], optional: [] },
  "CI is set, and this journal is a new file: if the runner is thrown away, the journal goes with it. Use PostgreSQL, or a disk that stays":
    { level: "Warn", annotations: ["filename"], optional: [] },
} as const satisfies Readonly<Record<string, LogLine>>

/** The message of a log line. */
export type Message = keyof typeof lines

/** The messages of one level. */
export type MessageOf<Level extends LogLine["level"]> = {
  [M in Message]: (typeof lines)[M]["level"] extends Level ? M : never
}[Message]

/** The annotations of a log line. */
export type AnnotationsOf<M extends Message> = {
  readonly [A in (typeof lines)[M]["annotations"][number]]: unknown
} & { readonly [A in (typeof lines)[M]["optional"][number]]?: unknown }
