/** The words of a command line, before they are read and when they are printed. */

/** Returns the words that may be flags: those before `--`. */
const flagsOf = (words: ReadonlyArray<string>): ReadonlyArray<string> => {
  const end = words.indexOf("--")
  return end === -1 ? words : words.slice(0, end)
}

/** Returns whether programs read the output, also of a command line that is wrong elsewhere. */
export const wantsJson = (words: ReadonlyArray<string>): boolean => {
  const flags = flagsOf(words)
  const index = flags.findLastIndex((word) => /^--(?:no-)?json(?:=|$)/.test(word))
  const word = flags[index]
  if (word === undefined) return false
  const value = word.includes("=") ? word.slice(word.indexOf("=") + 1) : (flags[index + 1] ?? "")
  return /^(?:false|no|off|0|n)$/i.test(value) === word.startsWith("--no-")
}

/** Returns whether there is no word besides the flags of all commands: no command, and no wish for help. */
export const namesNothing = (words: ReadonlyArray<string>): boolean =>
  flagsOf(words).every(
    (word, index) =>
      /^--(?:no-)?(?:json|config|journal)(?:=|$)|^-c/.test(word) ||
      /^(?:--config|--journal|-c)$/.test(words[index - 1] ?? "") ||
      (/^--(?:no-)?json$/.test(words[index - 1] ?? "") && /^(?:true|yes|on|1|y|false|no|off|0|n)$/i.test(word)),
  )

/**
 * Returns what is wrong with words of several letters behind one `-`. They would be read as flags, a letter each: the `h` of
 * `--deadline "-1 hour"` would show the help, and succeed.
 */
export const problems = (words: ReadonlyArray<string>): ReadonlyArray<string> =>
  flagsOf(words)
    .filter((word) => /^-[^-=][^=]/s.test(word) && !/^-\d+\.?\d*(?:e[+-]?\d+)?$|^-\.\d+(?:e[+-]?\d+)?$/i.test(word))
    .map(
      (word) =>
        `Unexpected ${JSON.stringify(word)}: a value that begins with - follows its flag and =, and a name follows --`,
    )

/** Returns a flag with its value, as words. */
export const flag = (name: string, value: string): ReadonlyArray<string> =>
  value.startsWith("-") ? [`${name}=${value}`] : [name, value]

/** Returns a command line of this program as a shell takes it. A name that begins with `-` is read as a name. */
export const text = (
  command: string,
  flags: ReadonlyArray<string>,
  names: ReadonlyArray<string> = [],
  further: ReadonlyArray<string> = [],
): string => {
  const words = names.some((name) => name.startsWith("-"))
    ? [...flags, ...further, "--", ...names]
    : [...flags, ...names, ...further]
  return ["openretl", command, ...words].map(quoted).join(" ")
}

/** Returns whether a text of a vendor, such as the id of a run, is a word that terminals and shells take as it is. */
export const isWord = (text: string): boolean => /^[\w@%+=:,.-]+$/.test(text)

/** Returns one word as a shell takes it. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) || /^retl1\.[\w.~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
