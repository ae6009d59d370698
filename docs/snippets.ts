/**
 * Programs in pages. A page names the file, and `npm run docs` prints the file between the two marks:
 *
 *     <!-- docs/programs/fleet.ts -->
 *     <!-- /docs/programs/fleet.ts -->
 *
 * A name such as `examples/step.ts#step` means a region of the file. Tests run every file that a page shows: programs in
 * TypeScript, in Python, of a shell, and workflows in YAML.
 */
import { readFileSync } from "node:fs"
import { root } from "../scripts/workspace.ts"

/** A longer README hides what it is for: what does not fit is a page of its own. */
const maxLines = (path: string): number => {
  if (path === "README.md") return 250
  return path.endsWith("README.md") ? 150 : Number.POSITIVE_INFINITY
}

const fence = "```"

/** The language of a code block by the extension of its file. */
const languages: Readonly<Record<string, string>> = { ts: "ts", py: "python", sh: "sh", yml: "yaml" }

/** Returns a file, or a region of it, as a code block. */
export const snippet = (file: string, name?: string): string => {
  const source = readFileSync(`${root}/${file}`, "utf8")
  const code =
    name === undefined ? source : new RegExp(`// #region ${name}\\n([\\s\\S]*?)// #endregion`).exec(source)?.[1]
  if (code === undefined) throw new Error(`${file} has no region "${name}"`)
  const language = languages[file.split(".").at(-1) ?? ""]
  return `${fence}${language}\n${code.trim()}\n${fence}`
}

const marks = /<!-- (\S+\.(?:ts|py|sh|yml))(?:#(\S+))? -->\n[\s\S]*?<!-- \/\1(?:#\2)? -->/g

/** Returns the page with the programs that it names. */
export const withPrograms = (page: string): string =>
  page.replace(marks, (_, file: string, region: string | undefined) => {
    const name = region === undefined ? file : `${file}#${region}`
    return `<!-- ${name} -->\n\n${snippet(file, region)}\n\n<!-- /${name} -->`
  })

/** Returns what is wrong with a page: programs that come from no file, and the length of a package's README. */
export const pageProblems = (path: string, page: string): ReadonlyArray<string> => {
  const programs = [...page.matchAll(/^```(?:ts|typescript|python)$/gm)].length
  const marked = [...page.matchAll(/^<!-- [^/]\S* -->\n\n```(?:ts|python)$/gm)].length
  const lines = page.trimEnd().split("\n").length
  return [
    ...(programs === marked ? [] : [`${path}: ${programs - marked} programs without a mark that names their file`]),
    ...(lines > maxLines(path) ? [`${path}: ${lines} lines, at most ${maxLines(path)}`] : []),
  ]
}
