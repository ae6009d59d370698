import type { SyncRef } from "@openretl/core/Ref"
import { Runs } from "@openretl/core/Runs"
import { Transport } from "@openretl/core/Transport"
import * as UndiciTransport from "@openretl/core/UndiciTransport"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

const Undici = Layer.succeed(Transport, UndiciTransport.make())

export const overUndici = <E>(sync: SyncRef, workspace: Layer.Layer<Runs, E>) =>
  Effect.flatMap(Runs, ({ run }) => run(sync, { whenRunning: "wait" })).pipe(
    Effect.provide(Layer.provide(workspace, Undici)),
  )
