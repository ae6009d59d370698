#!/usr/bin/env node
/** The command `openretl-adapter`: writes the files of a new adapter. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import process from "node:process"
import { parseArgs } from "node:util"
import { filesOf, functions, namesOf } from "./files.ts"

const usage = `openretl-adapter <vendor> [folder]

Writes an adapter of a vendor that runs syncs, an emulator of it, and the test of both. The folder is the vendor's name by
default; it must be empty, or not exist. The vendor's short name has lower-case letters, digits and -, as in "acme-data".

  --written   with the functions of the worked example, so that the suite passes as it is
  --help      prints this
`

const fail = (problem: string): void => {
  process.stderr.write(`${problem}\n\n${usage}`)
  process.exitCode = 2
}

const write = (vendor: string, folder: string, isWritten: boolean): void => {
  const files = filesOf(namesOf(vendor), isWritten)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const { variable } = namesOf(vendor)
  process.stdout.write(
    [
      `${folder}: ${Object.keys(files).join(", ")}`,
      "",
      "Next:",
      `  cd ${folder} && npm install && npm test`,
      `The suite is red until src/${variable}.ts has the functions ${Object.keys(functions).join(", ")}.`,
      "",
    ].join("\n"),
  )
}

const main = (): void => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { written: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
  })
  if (values.help) {
    process.stdout.write(usage)
    return
  }
  const [vendor = "", folder = vendor, ...others] = positionals
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(vendor)) fail("Expected a vendor's short name, as in acme-data")
  else if (others.length > 0) fail(`Expected one vendor and one folder, not also ${others.join(", ")}`)
  else if (existsSync(folder) && readdirSync(folder).length > 0) fail(`The folder ${folder} is not empty`)
  else write(vendor, folder, values.written)
}

try {
  main()
} catch (error) {
  fail(error instanceof Error ? error.message : String(error))
}
