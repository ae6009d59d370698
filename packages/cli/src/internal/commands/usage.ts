/** What is wrong with a command line, in one line each. */
import type * as CliError from "effect/cli/CliError"
import { nearest } from "./suggest.ts"

/** The flags of all commands, which the parser of one command does not suggest. */
const globalFlags = ["--help", "--version", "--completions", "--config", "--journal", "--json"]

const question = (suggestions: ReadonlyArray<string>): string =>
  suggestions.length === 0 ? "" : `. Did you mean ${suggestions.join(" or ")}?`

/** Returns what an error of the parser says, with the nearest names. */
export const messageOf = (error: CliError.CliError): string => {
  switch (error._tag) {
    case "UnrecognizedOption": {
      // A letter is near every other letter.
      const names = error.option.startsWith("--") ? [...error.suggestions, ...nearest(error.option, globalFlags)] : []
      const place = error.command === undefined ? "" : ` in command ${error.command.join(" ")}`
      return `Unrecognized flag: ${error.option}${place}${question(Array.from(new Set(names)))}`
    }
    case "UnknownSubcommand":
      return `Unknown subcommand ${JSON.stringify(error.subcommand)}${question(error.suggestions)}`
    case "InvalidValue":
      return error.message
        .replace(/Expected: Schema validation failed: /, "")
        .replace(/Expected: Invalid key=value format\..*$/s, "Expected name=value")
    default:
      return error.message
  }
}
