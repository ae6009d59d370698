import { suite } from "@openretl/conformance/JournalSuite"
import * as TestPostgres from "@openretl/test-postgres/TestPostgres"
import { afterAll } from "vitest"
import { everyFourthKill } from "../../../scripts/forms.ts"
import { postgres } from "./support/stores.ts"

const server = await TestPostgres.start()
afterAll(() => server?.stop())

suite(server === undefined ? { name: "PostgresJournal", impossible: TestPostgres.missing } : postgres(server.url), {
  only: everyFourthKill(1),
})
