/** How a process of the suite opens a journal in SQLite. */
import type { Open } from "@openretl/conformance/JournalHarness"
import { openSqlite, type SqliteData } from "./stores.ts"
import { withPoint } from "./wrap.ts"

export const open: Open = (data, at) => openSqlite(data as SqliteData, withPoint(at))
