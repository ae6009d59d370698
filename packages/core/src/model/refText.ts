/**
 * The text form of refs: words with dots between them, as in `retl1.sync.<vendor>.<workspace>.<id name>.<id>`.
 *
 * A word has the characters `A-Z a-z 0-9 _ -`; every other byte of its UTF-8 form is written as `~` and two hex digits.
 */

/** The parts of a sync's ref. */
interface SyncParts {
  readonly workspace: string
  readonly vendor: string
  readonly ids: Readonly<Record<string, string>>
}

/** The parts of a run's ref. */
interface RunParts {
  readonly sync: SyncParts
  readonly run: string
  /** Epoch milliseconds. */
  readonly acceptedAt?: number
}

/** The parts of a text form. */
export interface Parsed extends SyncParts {
  /** The id of the run; empty for a sync. */
  readonly run: string
  /** Epoch milliseconds. */
  readonly acceptedAt?: number
}

const prefix = "retl1"

/** The most characters of a text form. */
const maxLength = 65_536

/** Returns the text form of a sync's ref. */
export const formatSync = (sync: SyncParts): string =>
  [prefix, "sync", toWord(sync.vendor), toWord(sync.workspace), ...toWords(sync.ids)].join(".")

/** Returns the text form of a run's ref. */
export const formatRun = ({ sync, run, acceptedAt }: RunParts): string =>
  [
    prefix,
    "run",
    toWord(sync.vendor),
    toWord(sync.workspace),
    toWord(run),
    // A fraction of a millisecond has no text form: its point would separate words.
    acceptedAt === undefined ? "-" : Math.floor(acceptedAt).toString(36),
    ...toWords(sync.ids),
  ].join(".")

/** Returns the parts of a text form, or the sentence that says what was expected. */
export const parse = (text: string, kind: "sync" | "run"): Parsed | string => {
  const expected = `a ${kind} ref, as in ${prefix}.${kind}.<vendor>.<workspace>${kind === "run" ? ".<run>.<accepted>" : ""}.<id name>.<id>`
  if (typeof text !== "string") return expected
  if (text.length > maxLength) return `a ${kind} ref of at most ${maxLength} characters`
  const [version, word, vendor, workspace, ...words] = text.split(".")
  if (version !== prefix && /^retl\d+$/.test(version ?? ""))
    return `a ref of version ${prefix}: this one was made by another version`
  if (version !== prefix || (word !== "sync" && word !== "run")) return expected
  if (word !== kind) return `a ${kind} ref, not a ${word} ref`
  if (vendor === undefined || workspace === undefined) return expected
  const run = kind === "run" ? fromWord(words.shift() ?? "") : ""
  const accepted = kind === "run" ? (words.shift() ?? "") : "-"
  if (run === undefined || !/^(?:-|-?[0-9a-z]{1,12})$/.test(accepted)) return expected
  const ids = fromWords(words)
  if (ids === undefined) return expected
  return { vendor, workspace, ids, run, ...(accepted !== "-" && { acceptedAt: Number.parseInt(accepted, 36) }) }
}

/** Returns names and ids as words, by name ascending. */
const toWords = (ids: SyncParts["ids"]): Array<string> =>
  Object.keys(ids)
    .sort()
    .flatMap((name) => [toWord(name), toWord(ids[name] ?? "")])

/** Returns the ids of `toWords`; `undefined` for any other order or spelling, so that one sync has one text form. */
const fromWords = (words: ReadonlyArray<string>): Record<string, string> | undefined => {
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
  text.replace(/[^A-Za-z0-9_-]+/gu, (characters) =>
    Array.from(new TextEncoder().encode(characters), (byte) => `~${byte.toString(16).padStart(2, "0")}`).join(""),
  )

/** Returns the text of a word; `undefined` where `toWord` does not write it so. */
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
