/** Breaks text into lines between words. */
import { widthOf } from "./format.ts"

/** Returns lines of at most `width` columns of a terminal; a longer word has a line of its own. */
export const wrap = (text: string, width: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  for (const word of text.split(" ")) {
    const last = lines.at(-1)
    if (last !== undefined && widthOf(last) + 1 + widthOf(word) <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

/** Returns a text whose long lines are broken; what follows a break begins where the last column of the line does. */
export const wrapHelp = (text: string, width: number): string =>
  text
    .split("\n")
    .flatMap((line) => {
      if (line.length <= width) return [line]
      const column = lastColumn(line)
      if (column > width - 24)
        return [
          line.slice(0, column).trimEnd(),
          ...wrap(line.slice(column), width - 8).map((rest) => `        ${rest}`),
        ]
      const [first = "", ...more] = wrap(line.slice(column), width - column)
      return [`${line.slice(0, column)}${first}`, ...more.map((rest) => `${" ".repeat(column)}${rest}`)]
    })
    .join("\n")

/** Returns where the text after the last gap of two spaces begins. */
const lastColumn = (line: string): number => {
  const gap = /^(\s*\S.*?\s{2,})(?=\S)/.exec(line)
  return gap?.[1]?.length ?? /^\s*/.exec(line)?.[0].length ?? 0
}
