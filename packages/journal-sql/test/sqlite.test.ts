import { suite } from "@openretl/conformance/JournalSuite"
import { sqlite } from "./support/stores.ts"

suite(sqlite())
