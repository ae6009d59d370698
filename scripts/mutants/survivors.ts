/** Mutants that no test can notice, or that need none, each with the reason. */

/** A mutant, recognized by its file and its text. */
export interface Survivor {
  readonly file: string
  /** The changed lines before and after, as `npm run mutants` prints them. */
  readonly before: string
  readonly after: string
  /** `equivalent`: the program does the same. `harmless`: what differs is no promise. */
  readonly kind: "equivalent" | "harmless"
  readonly reason: string
}

const unreadExit = "nobody reads how this fiber ends"

export const survivors: ReadonlyArray<Survivor> = [
  {
    file: "packages/core/src/engine/trigger/keyedCall.ts",
    before:
      "claim === undefined ? Effect.void : Effect.asVoid(closing.background(Effect.ignore(store.remove(claim, owner))))",
    after:
      "claim === undefined ? Effect.void : Effect.asVoid(closing.background(((it) => it)(store.remove(claim, owner))))",
    kind: "equivalent",
    reason: unreadExit,
  },
  {
    file: "packages/core/src/engine/trigger/keyedCall.ts",
    before: "Effect.ignore,",
    after: "((it) => it),",
    kind: "equivalent",
    reason: unreadExit,
  },
  {
    file: "packages/core/src/engine/trigger/course.ts",
    before: "return recent !== undefined && recent.order > arrival && recent.scope === request.scope",
    after: "return recent !== undefined && recent.order >= arrival && recent.scope === request.scope",
    kind: "equivalent",
    reason: "a place in the order is given once: a start never has that of a call",
  },
  {
    file: "packages/core/src/engine/trigger/shared.ts",
    before: "let order = 0",
    after: "let order = 1",
    kind: "equivalent",
    reason: "places in the order are compared with each other alone",
  },
]
