/**
 * The floors of `packages/core/src`, lowest first, each with its folders. A file imports only from its own floor and from
 * lower ones. The files of `src` itself are on the top floor.
 */
export const floors: ReadonlyArray<ReadonlyArray<string>> = [
  ["model"],
  ["telemetry"],
  ["journal", "http"],
  ["driver"],
  ["engine"],
  ["fleet", "move", "open", "."],
]
