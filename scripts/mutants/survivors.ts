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

export const survivors: ReadonlyArray<Survivor> = [
  {
    file: "packages/core/src/engine/trigger/settling.ts",
    before: "Effect.ignore(Effect.retry(once, growing)).pipe(Effect.ensuring(release)),",
    after: "((it) => it)(Effect.retry(once, growing)).pipe(Effect.ensuring(release)),",
    kind: "equivalent",
    reason: "The pauses never end: nothing fails, and `ignore` only says so to the compiler.",
  },
]
