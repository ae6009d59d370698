import type { SyncRef } from "@openretl/core/Ref"
import { Runs } from "@openretl/core/Runs"
import * as UndiciTransport from "@openretl/undici/UndiciTransport"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

export const overUndici = <E>(sync: SyncRef, workspace: Layer.Layer<Runs, E>) =>
  Effect.flatMap(Runs, ({ run }) => run(sync, { whenRunning: "wait" })).pipe(
    Effect.provide(Layer.provide(workspace, UndiciTransport.layer())),
  )
