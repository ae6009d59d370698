/** Prints the switches of the emulators as tables. */
import type { Switches } from "@openretl/emulator/Switch"
import { documented } from "./adapters/all.ts"

const tableOf = (title: string, switches: Switches): string => {
  const rows = Object.entries(switches).map(([name, entry]) => {
    const values = [entry.default, ...entry.values.filter((value) => value !== entry.default)]
    return `| \`${name}\` | ${values.map((value) => `\`${value}\``).join(", ")} | ${entry.note} |`
  })
  return [`## ${title}`, "", "| Switch | Values | What is not known |", "| --- | --- | --- |", ...rows].join("\n")
}

/** Returns one table per vendor. The default value of a switch comes first. */
export const switchTables = (): string => documented.map(({ title, switches }) => tableOf(title, switches)).join("\n\n")
