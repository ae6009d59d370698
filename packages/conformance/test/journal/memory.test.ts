import { suite } from "@openretl/conformance/JournalSuite"
import { memory } from "@openretl/core/Journal"
import { inMemory } from "./memory.ts"

suite(inMemory(memory))
