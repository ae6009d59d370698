/** The text form of refs: dot-separated words, everything outside `A-Z a-z 0-9 _ -` written as `~` and two hex digits. */

interface Sync {
  readonly workspace: string
  readonly vendor: string
  readonly ids: Readonly<Record<string, string>>
}

interface Run {
  readonly sync: Sync
  readonly run: string
  /** Epoch milliseconds. */
  readonly acceptedAt?: number
}

const prefix = "retl1"
const maxLength = 65_536

export const formatSync = (sync: Sync): string =>
  [prefix, "sync", toWord(sync.vendor), toWord(sync.workspace), ...pairs(sync.ids)].join(".")

export const formatRun = ({ sync, run, acceptedAt }: Run): string =>
  [
    prefix,
    "run",
    toWord(sync.vendor),
    toWord(sync.workspace),
    toWord(run),
    acceptedAt === undefined ? "-" : acceptedAt.toString(36),
    ...pairs(sync.ids),
  ].join(".")

export interface Parsed extends Sync {
  /** Empty for a sync. */
  readonly run: string
  readonly acceptedAt?: number
}

/** The parsed ref, or the sentence that says what was expected. */
export const parse = (text: string, kind: "sync" | "run"): Parsed | string => {
  const expected = `a ${kind} ref, as in ${prefix}.${kind}.<vendor>.<workspace>${kind === "run" ? ".<run>.<accepted>" : ""}.<id name>.<id>`
  if (typeof text !== "string") return expected
  if (text.length > maxLength) return `a ${kind} ref of at most ${maxLength} characters`
  const [version, word, vendor, workspace, ...rest] = text.split(".")
  if (version !== prefix && /^retl\d+$/.test(version ?? ""))
    return `a ref of version ${prefix}: this one was made by another version`
  if (version !== prefix || (word !== "sync" && word !== "run")) return expected
  if (word !== kind) return `a ${kind} ref, not a ${word} ref`
  if (vendor === undefined || workspace === undefined) return expected
  const run = kind === "run" ? fromWord(rest.shift() ?? "") : ""
  const accepted = kind === "run" ? (rest.shift() ?? "") : "-"
  if (run === undefined || !/^(?:-|-?[0-9a-z]{1,12})$/.test(accepted)) return expected
  const ids = unpair(rest)
  if (ids === undefined) return expected
  return { vendor, workspace, ids, run, ...(accepted !== "-" && { acceptedAt: Number.parseInt(accepted, 36) }) }
}

const pairs = (ids: Sync["ids"]): Array<string> =>
  Object.keys(ids)
    .sort()
    .flatMap((name) => [toWord(name), toWord(ids[name] ?? "")])

/** Names and ids back from their pairs; only the form that `pairs` writes is accepted, so that one sync has one text. */
const unpair = (words: ReadonlyArray<string>): Record<string, string> | undefined => {
  if (words.length === 0 || words.length % 2 !== 0) return undefined
  const ids: Record<string, string> = Object.create(null)
  let previous = ""
  for (let i = 0; i < words.length; i += 2) {
    const name = fromWord(words[i] ?? "")
    const id = fromWord(words[i + 1] ?? "")
    if (name === undefined || id === undefined || name <= previous || !/^[a-z]\w*$/.test(name)) return undefined
    previous = name
    ids[name] = id
  }
  return { ...ids }
}

const toWord = (text: string): string =>
  text.replace(/[^A-Za-z0-9_-]+/gu, (run) =>
    Array.from(new TextEncoder().encode(run), (byte) => `~${byte.toString(16).padStart(2, "0")}`).join(""),
  )

const fromWord = (word: string): string | undefined => {
  if (!/^(?:[A-Za-z0-9_-]|~[0-9a-f]{2})*$/.test(word)) return undefined
  const bytes = word.replace(/~/g, "%")
  try {
    const text = decodeURIComponent(bytes)
    return toWord(text) === word ? text : undefined
  } catch {
    return undefined
  }
}
