/** The points at which a process is killed. */

/**
 * The steps of a trigger:
 * - `claim`: the key is claimed, or taken over.
 * - `mark`: the entry is marked as sent.
 * - `socket`: the request goes to the operating system.
 * - `answer`: the answer comes to core.
 * - `update`: what became of the request, or of its run, is written.
 */
export const steps = ["claim", "mark", "socket", "answer", "update"] as const

/** A point before or after a step. */
export type Point = `${"before" | "after"} ${(typeof steps)[number]}`

/** All points, in the order in which a trigger passes them. */
export const points: ReadonlyArray<Point> = steps.flatMap((step) => [`before ${step}`, `after ${step}`] as const)
