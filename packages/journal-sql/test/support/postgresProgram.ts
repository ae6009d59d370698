/** How a process of the suite opens a journal in PostgreSQL. */
import type { Open } from "@openretl/conformance/JournalHarness"
import { openPostgresJournal, type PostgresData } from "./stores.ts"
import { withPoint } from "./wrap.ts"

export const open: Open = (data, at) => openPostgresJournal(data as PostgresData, withPoint(at))
