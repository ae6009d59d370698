/** What operators see of one look at runs that are waited for: its span, its metric, and how late it showed an end. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as Tracer from "effect/Tracer"
import { isTerminal } from "../../model/Run.ts"
import { maxLinks } from "../../telemetry/maxLinks.ts"
import * as Tracing from "../../telemetry/tracing.ts"
import type { WorkspaceContext } from "../context.ts"
import type { Look, Observation, Watched } from "./polling.ts"

/** Observes one look for the waits that have these spans. @default for the current call alone */
export const poll =
  ({ subject, record }: WorkspaceContext, spans?: () => ReadonlyArray<Tracer.AnySpan>) =>
  (look: Effect.Effect<Look>): Effect.Effect<Look> =>
    Effect.onExit(look, (exit) => {
      const observations = exit._tag === "Success" ? Array.from(exit.value.observations.values()) : []
      const failed = observations.find(({ _tag }) => _tag === "Failed")
      const error = failed?._tag === "Failed" ? { "error.type": failed.error.code } : Tracing.errorOf(exit)
      return Effect.andThen(
        record("openretl.polls", 1, error),
        Tracing.annotate(() => error),
      )
    }).pipe(
      Tracing.part(subject, "openretl.poll", () => {
        if (spans === undefined) return {}
        const all = spans().slice(0, maxLinks)
        const [parent] = all
        const links = all.map((span) => ({ span, attributes: {} }))
        return parent === undefined ? { root: true } : { parent, links }
      }),
    )

/**
 * Returns how many seconds an end went unseen that a look shows first; `undefined` where it shows none, or where the vendor does
 * not report when the run ended. Nothing counts before the first wait for the run, or before the last look.
 */
export const detectionDelay = (
  { seenAt, endedSince }: Watched,
  begunAt: number | undefined,
  observation: Observation,
  now: number,
): number | undefined => {
  if (observation._tag !== "Seen" || endedSince !== undefined) return undefined
  const { status, finishedAt } = observation.run
  if (!isTerminal(status) || finishedAt === undefined) return undefined
  const from = seenAt ?? begunAt
  return from === undefined ? undefined : Math.max(0, now - Math.max(DateTime.toEpochMillis(finishedAt), from)) / 1_000
}
