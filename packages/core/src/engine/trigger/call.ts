/** One call of a trigger: who it is in the journal, what it asks for, and what it has there. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { Version } from "../../journal/Journal.ts"
import type { Draft, Owner } from "../../model/JournalEntry.ts"
import type { Policy } from "../../model/Outcome.ts"
import { RunRef, type SyncRef } from "../../model/Ref.ts"
import type { Scope } from "../../model/Scope.ts"
import type { Options } from "../../model/Trigger.ts"
import type { WorkspaceContext } from "../context.ts"

/** The options of a trigger, with its scope. */
export interface Request extends Options {
  /** What the run covers; `undefined` where the vendor has no scopes. */
  readonly scope: Scope | undefined
  /** Which outcomes the call accepts of a remembered run. @default the policy's defaults */
  readonly policy?: Policy
  /** How long the call waits for others: for a call with its key, and for a run under way. @default 24 hours */
  readonly othersWithin?: Duration.Duration
}

/** One call of a trigger. */
export interface Call {
  readonly owner: Owner
  readonly sync: SyncRef
  readonly identity: string
  readonly request: Request
  /** The place of the call in the order of calls and starts of this process. */
  readonly arrival: number
  /** The entry that holds the call's key while it is `claimed`. */
  claim: Version | undefined
  /** Whether the caller has left: an interrupt. */
  hasLeft: boolean
}

/** 32 random bits. */
const randomWord = Random.nextIntBetween(0, 0xffffffff)

/** Generates an id: 128 random bits in hexadecimal. */
export const generateId: Effect.Effect<string> = Effect.map(
  Effect.all(Array.from({ length: 4 }, () => randomWord)),
  (words) => words.map((word) => word.toString(16).padStart(8, "0")).join(""),
)

/** The parts of Node's `process` that say who this is; other platforms may have none. */
interface Platform {
  readonly process?: {
    readonly pid?: number
    readonly getBuiltinModule?: (name: "node:os") => { readonly hostname: () => string } | undefined
  }
}

/** Returns the name of the machine and the id of the process, for people and for stores that one machine can use. */
const whoIs = (): Pick<Owner, "host" | "pid"> => {
  const { process } = globalThis as Platform
  const host = process?.getBuiltinModule?.("node:os")?.hostname() ?? ""
  return { host: host === "" ? "unknown" : host.slice(0, 255), pid: process?.pid ?? 0 }
}

/** Generates the owner of a new call. */
export const generateOwner: Effect.Effect<Owner> = Effect.map(generateId, (call) => ({ ...whoIs(), call }))

/** Creates a call. */
export const make = (context: WorkspaceContext, sync: SyncRef, request: Request): Effect.Effect<Call> =>
  Effect.map(generateOwner, (owner) => ({
    owner,
    sync,
    identity: context.identityOf(sync),
    request,
    arrival: context.shared.nextOrder(),
    claim: undefined,
    hasLeft: false,
  }))

/** Returns the draft of the call's entry. */
export const draftOf = (context: WorkspaceContext, { sync, identity, request }: Call, id: string): Draft => ({
  kind: "trigger",
  id,
  identity,
  vendor: context.vendor,
  baseUrl: context.baseUrl,
  workspace: context.name,
  sync,
  ...(request.key !== undefined && { key: request.key }),
  ...(request.scope !== undefined && { scope: request.scope }),
})

/** Returns the ref of a run with the call's own ref of the sync: an entry may be of a workspace with another name. */
export const homed = ({ sync }: Pick<Call, "sync">, { run, acceptedAt }: RunRef): RunRef =>
  new RunRef({ sync, run, ...(acceptedAt && { acceptedAt }) })

/** Notes that the caller has left. */
export const leave = (call: Call): void => {
  call.hasLeft = true
}
