/** The laws, as SPEC.md lists them: `- **T1** (in force) ...`, `- **T10** (later) ...`. */

export interface Law {
  readonly id: string
  readonly inForce: boolean
  /** The text, on one line. */
  readonly claim: string
}

export const lawsIn = (spec: string): ReadonlyArray<Law> =>
  [...spec.matchAll(/^- \*\*([A-Z]\d+)\*\* \((in force|later)\) (.*(?:\n {2}.*)*)/gm)].map(
    ([, id = "", state, text = ""]) => ({ id, inForce: state === "in force", claim: text.replace(/\s*\n\s*/g, " ") }),
  )
