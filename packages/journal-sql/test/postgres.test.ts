import { env } from "node:process"
import { suite } from "@openretl/conformance/JournalSuite"
import * as TestPostgres from "@openretl/test-postgres/TestPostgres"
import { afterAll, it } from "vitest"
import { postgres } from "./support/stores.ts"

const server = await TestPostgres.start()

if (server !== undefined) {
  afterAll(server.stop)
  suite(postgres(server.url))
} else {
  it("PostgresJournal is a store of a journal", (context) => {
    // Elsewhere the reason stands in the report; CI has to have a server.
    if (env["CI"] !== undefined) throw new Error(TestPostgres.missing)
    context.skip(TestPostgres.missing)
  })
}
