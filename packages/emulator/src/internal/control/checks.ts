/** What is wrong with an input that its schema allows: it names what this emulator does not have. */
import type { FieldIssue } from "@openretl/core/FieldIssue"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Emulator } from "../../Emulator.ts"
import type { Ids } from "../../Ids.ts"
import type { SyncOptions } from "../../SyncOptions.ts"

type Issues = ReadonlyArray<FieldIssue>

type IdNames = Emulator["idNames"]

const quoted = (values: ReadonlyArray<string>) => values.map((value) => JSON.stringify(value)).join(" | ")

/** Returns an issue where the emulator has no sync with these ids. */
export const unknownSync = (emulator: Emulator, ids: Ids, ...path: ReadonlyArray<string>): Effect.Effect<Issues> =>
  Effect.map(Effect.exit(emulator.runsOf(ids)), (exit) =>
    Exit.isSuccess(exit)
      ? []
      : [
          {
            path,
            message: `Expected the ids of a sync of this emulator: ${quoted(emulator.idNames.sync)}`,
          },
        ],
  )

/** Returns an issue for each name that is none of an id of a sync, or of a part of one. */
export const unknownIds = (idNames: IdNames, ids: Ids, ...path: ReadonlyArray<string>): Issues => {
  const { sync, parts } = idNames
  const expected: ReadonlyArray<string> = [...new Set([...sync, ...parts])]
  return Object.keys(ids)
    .filter((name) => !expected.includes(name))
    .map((name) => ({ path: [...path, name], message: `Expected ${quoted(expected)}` }))
}

/** Returns an issue for each part that is missing, and for each name that is no part. */
const incompleteParts = (idNames: IdNames, ids: Ids, ...path: ReadonlyArray<string>): Issues => {
  const expected = idNames.parts
  return [
    ...expected
      .filter((name) => ids[name] === undefined)
      .map((name) => ({ path: [...path, name], message: "Expected a value: it is missing" })),
    ...Object.keys(ids)
      .filter((name) => !expected.includes(name))
      .map((name) => ({ path: [...path, name], message: `Expected ${quoted(expected)}` })),
  ]
}

/** Returns an issue for each wrong name of an id in the options of a sync. */
export const wrongIds = (idNames: IdNames, { ids, parts }: SyncOptions, ...path: ReadonlyArray<string>): Issues => [
  ...(ids === undefined ? [] : unknownIds(idNames, ids, ...path, "ids")),
  ...(parts === undefined ? [] : incompleteParts(idNames, parts, ...path, "parts")),
]

/** Returns an issue for each name or fact that is no switch of the vendor, and for each value that its switch does not have. */
export const unknownSwitches = (
  { switches }: Emulator,
  settings: Readonly<Record<string, string>>,
  ...path: ReadonlyArray<string>
): Issues =>
  Object.entries(settings).flatMap(([name, value]) => {
    const [, entry] = Object.entries(switches).find(([key, { fact }]) => key === name || fact === name) ?? []
    if (entry === undefined) return [{ path: [...path, name], message: "Expected a switch of this vendor" }]
    return entry.values.includes(value) ? [] : [{ path: [...path, name], message: `Expected ${quoted(entry.values)}` }]
  })
