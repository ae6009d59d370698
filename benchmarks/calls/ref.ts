/** Returns the ref of a run at Segment. */
import { RunRef } from "@openretl/core/Ref"
import * as Segment from "@openretl/segment/Segment"
import * as Effect from "effect/Effect"

export const runRef = (workspace: string, model: string, run: string) =>
  Effect.map(
    Segment.syncRef(workspace, { source: "rh5BDZp6QDHvXFCkibm1pR", model, subscription: "7ddMAKvUq2PzD8cXNtC9Gh" }),
    (sync) => new RunRef({ sync, run }),
  )
