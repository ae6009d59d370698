/** What oxlint reports for a folder. */
import { run } from "../command.ts"

export interface Violation {
  /** Path from the folder. */
  readonly file: string
  readonly line: number
  /** As in `import/no-cycle`. */
  readonly rule: string
  readonly message: string
}

interface Diagnostic {
  readonly message: string
  /** As in `import(no-cycle)`; absent where a file cannot be parsed. */
  readonly code?: string
  readonly help?: string
  readonly note?: string
  readonly filename: string
  readonly labels: ReadonlyArray<{ readonly span: { readonly line: number } }>
}

const violation = ({ message, code = "syntax", help, note, filename, labels }: Diagnostic): Violation => ({
  file: filename.replaceAll("\\", "/"),
  line: labels[0]?.span.line ?? 1,
  rule: code.replace(/^eslint\((.*)\)$/, "$1").replace(/^(.*)\((.*)\)$/, "$1/$2"),
  message: [message, help, note].filter((text) => text !== undefined).join("\n    "),
})

/** Lints a folder by its `oxlint.config.ts`, or as the arguments say. Rejects when oxlint fails, or finds no file. */
export const lint = async (folder: string, ...args: ReadonlyArray<string>): Promise<ReadonlyArray<Violation>> => {
  const { output, stdout } = await run(["oxlint", "--format=json", ...args], { cwd: folder })
  const start = stdout.indexOf("{")
  if (start < 0) throw new Error(output)
  const report = JSON.parse(stdout.slice(start)) as {
    readonly diagnostics: ReadonlyArray<Diagnostic>
    readonly number_of_files: number
  }
  if (report.number_of_files === 0) throw new Error(`oxlint found no file in ${folder}`)
  return report.diagnostics.map(violation)
}
