import * as Reader from "./Reader.ts"

export const scopes = ["incremental", "full"] as const

/** What one run covers, where a vendor lets the caller choose: only what changed, or everything again. */
export type Scope = (typeof scopes)[number]

/** Reads a scope by its name. */
export const scope = Reader.literals(scopes)
