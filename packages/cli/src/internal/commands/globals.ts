/** The flags that every command has. */
import * as Flag from "effect/cli/Flag"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import * as Option from "effect/Option"

/** The name of the configuration file in the working directory. */
export const defaultFile = "openretl.json"

const text = (name: string, description: string) =>
  Flag.String(name).pipe(Flag.withDescription(description), Flag.optional, Flag.map(Option.getOrUndefined))

/** The configuration file. */
export const Config = GlobalFlag.Setting("config")({
  flag: Flag.String("config").pipe(
    Flag.withAlias("c"),
    Flag.withMetavar("file"),
    Flag.withDescription(`The configuration file (default: $OPENRETL_CONFIG, else ${defaultFile})`),
    Flag.filter(
      (file) => file !== "",
      () => "Expected the name of a file",
    ),
    Flag.optional,
    Flag.map(Option.getOrUndefined),
  ),
})

/** Where the journal is, against what the configuration says. */
export const JournalFlag = GlobalFlag.Setting("journal")({
  flag: text("journal", "A SQLite file, a URL of PostgreSQL, or memory (default: as the configuration says)").pipe(
    Flag.withMetavar("place"),
  ),
})

/** Whether programs read the output. */
export const Json = GlobalFlag.Setting("json")({
  flag: Flag.Boolean("json").pipe(
    Flag.withDescription("Print one JSON object a line, and nothing else, to standard output"),
    Flag.withDefault(false),
  ),
})

export const all = [Config, JournalFlag, Json] as const
