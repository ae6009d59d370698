/**
 * The control API of a served emulator, as data: plain JSON over HTTP beside the vendor's routes, for programs in any
 * language. `ControlServer` serves it, `ControlClient` is its client in TypeScript.
 *
 * `info` and `truth` are `GET /__emulator/<command>`. Every other command is `POST /__emulator/<command>`, whose body is one
 * JSON object. An answer is a JSON object, too. A refusal is
 * `{ "error": { "reason", "message", "issues" } }`: 400 with every problem of the input at once, each with the path of its
 * field; 404 for a command that does not exist, and 405 for another method. Commands need no token.
 *
 * Durations are milliseconds or texts such as `"2 seconds"`. Instants are epoch milliseconds. `sync` is the ids of a sync.
 */

import * as Input from "@openretl/core/driver/Input"
import * as FieldIssue from "@openretl/core/FieldIssue"
import * as Schema from "effect/Schema"
import { Call } from "./Call.ts"
import { ChangeTakes } from "./ChangeTakes.ts"
import { Reason } from "./ControlError.ts"
import { Fault } from "./Fault.ts"
import * as Hint from "./Hint.ts"
import { Ids } from "./Ids.ts"
import { DurationInput } from "./internal/json/duration.ts"
import { WebAddress } from "./internal/json/http.ts"
import { Count } from "./internal/json/numbers.ts"
import { Normalization } from "./Normalization.ts"
import { OmittedFields } from "./OmittedFields.ts"
import { Operation } from "./Operation.ts"
import { ReadLag } from "./ReadLag.ts"
import { RunPlan } from "./RunPlan.ts"
import { SyncChange } from "./SyncChange.ts"
import { SyncOptions, SyncState } from "./SyncOptions.ts"
import { TruthRun, TruthSync } from "./Truth.ts"

/** The path of the control API. No vendor has it. */
export const path = "/__emulator"

/** What a served emulator is. */
export const Info = Schema.Struct({
  /** The vendor's short name. */
  vendor: Schema.String,
  /** The origin that it is served at: the base URL for the vendor's clients. */
  url: Schema.String,
  /** The token that is accepted now. It is valid in this emulator only. */
  token: Schema.String,
  workspace: Schema.Struct({ id: Schema.String, name: Schema.String }),
  /** The names of the commands. */
  commands: Schema.Array(Schema.String),
})
export interface Info extends Schema.Schema.Type<typeof Info> {}

/** Everything that happened, as it really is, at one instant. */
export const Truth = Schema.Struct({
  now: Schema.Number,
  /** All configured syncs, oldest first. */
  syncs: Schema.Array(TruthSync),
  /** The runs of these syncs: sync by sync, and the oldest of each first. */
  runs: Schema.Array(
    Schema.Struct({
      ...TruthRun.fields,
      sync: Ids,
      /** The request that started the run; absent where none did, or after `clearCalls`. */
      request: Schema.optionalKey(Call),
    }),
  ),
  /** The requests that arrived since the last `clearCalls`, oldest first. */
  calls: Schema.Array(Call),
  /** How many requests were refused because a rate limit was exhausted. */
  overLimit: Schema.Number,
})
export interface Truth extends Schema.Schema.Type<typeof Truth> {}

/** The body of a refusal. */
export const Refusal = Schema.Struct({
  error: Schema.Struct({ reason: Reason, message: Schema.String, issues: Schema.Array(FieldIssue.FieldIssue) }),
})
export interface Refusal extends Schema.Schema.Type<typeof Refusal> {}

/** The input of a command that takes none: an object without fields. */
const noInput = Schema.Record(Schema.String, Schema.Unknown).check(
  Schema.makeFilter((input) =>
    Object.keys(input).map((name) => ({ path: [name], issue: "Expected no field of this name" })),
  ),
)

/** The answer of a command that has none. */
const nothing = Schema.Struct({})

const read = <Output extends Schema.Constraint>(output: Output) => ({ method: "GET", input: noInput, output }) as const

const write = <Input extends Schema.Constraint, Output extends Schema.Constraint>(input: Input, output: Output) =>
  ({ method: "POST", input, output }) as const

/** The commands: their method, and the schemas of their input and of their answer. */
export const commands = {
  /** What is served, and with which token. Also `GET /__emulator`. */
  info: read(Info),
  /** All syncs, runs and requests. */
  truth: read(Truth),
  /** Puts the emulator back into its first state: the same syncs and token, no runs, no requests, no faults. */
  reset: write(noInput, nothing),

  /** Adds a sync without the vendor's API. */
  addSync: write(SyncOptions, Schema.Struct({ sync: Ids })),
  /** Adds what a sync is made of, without a sync. */
  addParts: write(
    Schema.Struct({
      /** The name that the vendor shows. @default "Parts" */
      name: Input.optional(Schema.String),
      /** Ids to use. @default all are minted */
      ids: Input.optional(Ids),
    }),
    Schema.Struct({ parts: Ids }),
  ),
  /** Changes a sync's state. */
  setState: write(Schema.Struct({ sync: Ids, state: SyncState }), nothing),
  /** Changes a sync as a stranger does. */
  changeSync: write(Schema.Struct({ sync: Ids, ...SyncChange.fields }), nothing),
  /** Deletes a sync with its runs as a stranger does. */
  deleteSync: write(Schema.Struct({ sync: Ids }), nothing),
  /** Appends plans for the next runs of a sync, whatever starts them. */
  script: write(Schema.Struct({ sync: Ids, plans: Schema.Array(RunPlan) }), nothing),
  /** Triggers a sync as another user of the account. The answer has no run where the vendor refuses. */
  triggerAsStranger: write(
    Schema.Struct({
      sync: Ids,
      /** How the run goes. @default the next scripted plan, or else the default plan */
      plan: Input.optional(RunPlan),
      /** What the run covers. @default none is requested */
      scope: Input.optional(Schema.String),
    }),
    Schema.Struct({ run: Schema.optionalKey(Schema.String) }),
  ),
  /** The real states of a sync's runs, oldest first. */
  runsOf: write(Schema.Struct({ sync: Ids }), Schema.Struct({ runs: Schema.Array(TruthRun) })),
  /** Stops a run, as a user in the vendor's app does. */
  stopRun: write(Schema.Struct({ run: Schema.String }), nothing),
  /** Lets a run end now as its plan says. */
  endRun: write(Schema.Struct({ run: Schema.String }), nothing),
  /**
   * Sends a hint for each run that starts or ends from now on, as a vendor's webhook does, until the next `reset`: `POST` to
   * the URL, with a `Hint` as JSON. What is answered there changes nothing.
   */
  sendHints: write(Schema.Struct({ url: WebAddress, ...Hint.Options.fields }), nothing),

  /** Adds faults; each waits for the requests that it matches. */
  addFaults: write(Schema.Struct({ faults: Schema.Array(Fault) }), nothing),
  /** Removes the faults that wait. */
  clearFaults: write(noInput, nothing),
  /** Forgets the requests that arrived. */
  clearCalls: write(noInput, nothing),
  /** Withdraws the permission for exactly these operations; an empty list gives all permissions back. */
  deny: write(Schema.Struct({ operations: Schema.Array(Operation) }), nothing),
  /** Lets the token expire, and answers with the one that is accepted from now on. */
  rotateToken: write(noInput, Schema.Struct({ token: Schema.String })),
  /** Sets how far reads of runs and of syncs lag behind the truth from now on. */
  setReadLag: write(Schema.Struct({ lag: ReadLag }), nothing),
  /** Sets how long creates, updates and deletes of syncs that are accepted from now on take. */
  setChangeTakes: write(Schema.Struct({ takes: ChangeTakes }), nothing),
  /** Sets how the vendor changes what creates and updates of syncs store from now on. */
  setNormalization: write(Schema.Struct({ kinds: Schema.Array(Normalization) }), nothing),
  /** Sets what an update of a sync does from now on with the fields that it leaves out. */
  setOmittedFields: write(Schema.Struct({ treatment: OmittedFields }), nothing),
  /** Spends the rate limits of an operation as other clients of the account do. */
  addTraffic: write(
    Schema.Struct({
      operation: Operation,
      /** How many requests arrive now. @default 0 */
      atOnce: Input.optional(Count),
      /** From now on, one request arrives per `every`. @default none */
      every: Input.optional(DurationInput),
    }),
    nothing,
  ),
  /** Sets switches, by their names or the ids of their facts; the others keep their values. */
  setSwitches: write(Schema.Struct({ switches: Schema.Record(Schema.String, Schema.String) }), nothing),
}

/** The commands by name. */
export type Commands = typeof commands

/** The name of a command. */
export type CommandName = keyof Commands

/** The input of a command, decoded. */
export type InputOf<Name extends CommandName> = Commands[Name]["input"]["Type"]

/** The answer of a command. */
export type AnswerOf<Name extends CommandName> = Commands[Name]["output"]["Type"]
