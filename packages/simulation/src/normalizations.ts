/** How the emulated vendors of a simulation change what they store: those of each part in another way. */
import type { Normalization } from "@openretl/emulator/Normalization"

const choices: ReadonlyArray<ReadonlyArray<Normalization>> = [
  ["order", "nulls"],
  ["upper-ids", "texts"],
  ["lower-ids", "order", "texts", "nulls"],
  [],
]

/** Returns the kinds of one part; `part` counts from 0. */
export const normalizationOf = (part: number): ReadonlyArray<Normalization> => choices[part % choices.length] ?? []
