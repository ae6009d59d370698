/** Runs as JSON text, each rendered once it can change no more: lists repeat the same old runs over and over. */
import { finishedAt, type Run } from "../world/run.ts"

/** `settings` is whatever else `render` depends on: another object renders anew. */
export const rendered = (run: Run, view: number, settings: object, render: () => unknown): string => {
  if (run.rendered?.settings === settings && view >= run.rendered.since) return run.rendered.text
  const text = JSON.stringify(render())
  const since = finishedAt(run) + run.plan.countsSettleAfter
  if (view >= since) run.rendered = { settings, since, text }
  return text
}

/** An array of texts that are JSON already. */
export const array = (texts: ReadonlyArray<string>): string => `[${texts.join(",")}]`
