import { suite } from "@openretl/conformance/JournalSuite"
import { memory } from "./memory.ts"

suite(memory)
