/** A mutant that no test can notice, or that needs none, recognized by its file and its text. */
export interface Survivor {
  readonly file: string
  /** The changed lines before and after, as `npm run mutants` prints them. */
  readonly before: string
  readonly after: string
  /** `equivalent`: the program does the same. `harmless`: what differs is no promise. */
  readonly kind: "equivalent" | "harmless"
  readonly reason: string
}
