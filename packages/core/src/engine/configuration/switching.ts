/**
 * The hold of a switch-over on one of its syncs: two switch-overs of a sync never mix, in any process that shares the journal,
 * and one that dies leaves an entry.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { ChangeFailure } from "../../model/Change.ts"
import type { SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { Sync } from "../../model/Sync.ts"
import type { WorkspaceContext } from "../context.ts"
import * as Call from "../trigger/call.ts"
import * as ChangeCall from "./changeCall.ts"
import * as Others from "./others.ts"

type Changed<A> = Effect.Effect<A, ChangeFailure>

/** The two syncs of a switch-over, as text. */
export interface Pair {
  readonly from: string
  readonly to: string
}

/** What a switch-over does with one of its syncs, and what it writes to the journal about itself. */
export interface Record {
  /** Pauses the sync, as `Administration.pause`, and sends that whatever reads show. */
  readonly pause: Changed<Sync>
  /** Writes that its first change is about to be sent. */
  readonly begin: Effect.Effect<void, RetlError>
  /** Writes how it ended; until then it may have left both syncs off. */
  readonly end: (how: "switched" | "undone") => Effect.Effect<void>
}

/** Holds the syncs of one workspace for switch-overs. */
export interface Service {
  /** Runs `work` while no other switch-over has the sync. */
  readonly hold: <A, E>(
    sync: SyncRef,
    pair: Pair,
    work: (record: Record) => Effect.Effect<A, E>,
  ) => Effect.Effect<A, E | RetlError>
}

/** What `Move.switchOver` holds syncs with. Workspaces that can change syncs have it. */
export class Switching extends Context.Service<Switching, Service>()("@openretl/core/Switching") {}

const operation = "switchOver"

export const make = (context: WorkspaceContext, pauseAlways: (sync: SyncRef) => Changed<Sync>): Service => ({
  hold: (ref, pair, work) =>
    Effect.flatMap(context.requireSync(operation, ref), (sync) =>
      Effect.flatMap(Call.generateOwner, (owner) =>
        ChangeCall.within(context, subjectOf(context, sync, pair), owner, undone, (call) =>
          Effect.andThen(
            // A switch-over decides by the states that it reads, and by those it undoes what it did.
            Effect.andThen(Others.giveUp(context, call), Others.shown(context, `change ${context.identityOf(sync)}`)),
            work({
              pause: pauseAlways(sync),
              begin: ChangeCall.begin(context, call, [sync]),
              end: (how) =>
                ChangeCall.note(context, call, how === "switched" ? { state: "finished" } : { state: "not-started" }),
            }),
          ),
        ),
      ),
    ),
})

/** It sends nothing itself. */
const undone = <A>(request: Effect.Effect<A, RetlError>) => request

const subjectOf = (context: WorkspaceContext, sync: SyncRef, pair: Pair): ChangeCall.Subject => ({
  kind: "update",
  operation,
  identity: `switch ${context.identityOf(sync)}`,
  fingerprint: { digest: ChangeCall.digestOf(pair), ends: { ...pair }, fields: [operation] },
  sync,
})
