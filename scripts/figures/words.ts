/** Words that the vocabulary no longer has. */

export const retiredWords = [
  "asked",
  "told",
  "whereabouts",
  "nobody",
  "whoever",
  "as far as",
  "held",
  "birth",
  "born",
  "sight",
  "beyond",
  "siblings",
  "lab",
  "room",
] as const

type RetiredWord = (typeof retiredWords)[number]

const pattern = new RegExp(`\\b(?:${retiredWords.join("|").replaceAll(" ", "\\s+")})\\b`, "g")

/** The retired words in a text, each occurrence once. A part of a name counts: `askedFor` contains `asked`. */
export const wordsIn = (text: string): ReadonlyArray<RetiredWord> => {
  const separated = text
    .replace(/([a-z0-9])(?=[A-Z])/g, "$1 ")
    .replaceAll("_", " ")
    .toLowerCase()
  return (separated.match(pattern) ?? []).map((match) => match.replace(/\s+/g, " ") as RetiredWord)
}
