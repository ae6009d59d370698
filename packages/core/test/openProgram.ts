/** Opens a workspace with a journal by its name, where the package of journals is not installed. */
import { Effect } from "effect"
import * as Open from "../src/Open.ts"

const open = Open.opener<{ readonly journal?: unknown }, never, never>({
  vendor: "fake",
  issues: () => [],
  workspace: () => Effect.die("the journal was opened"),
  syncRef: () => Effect.die("no sync"),
})

await open({ journal: "retl.db" }).catch(console.error)
