import { suite } from "@openretl/conformance/JournalSuite"
import { everyFourthKill } from "../../../scripts/forms.ts"
import { sqlite } from "./support/stores.ts"

suite(sqlite(), { only: everyFourthKill(0) })
