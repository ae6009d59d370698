/** The log of what was asked. Entries are filled in as answers leave. */
import type { Call } from "../../Emulator.ts"

export type MutableCall = { -readonly [Key in keyof Call]: Call[Key] }
