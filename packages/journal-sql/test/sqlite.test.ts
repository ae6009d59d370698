import { suite } from "@openretl/conformance/JournalSuite"
import { everyOtherKill } from "../../../scripts/forms.ts"
import { sqlite } from "./support/stores.ts"

suite(sqlite(), { only: everyOtherKill(0) })
