/** What is wrong with a command line: every problem at once. */
import * as FieldIssue from "@openretl/core/FieldIssue"
import { ConfigurationProblems } from "../../Configuration.ts"

/** Returns the error of a command line with these problems, a line each. */
export const badInput = (...messages: ReadonlyArray<string>): ConfigurationProblems =>
  new ConfigurationProblems({ issues: messages.map((message) => ({ path: [], message })) })

/** Returns the error of a flag whose value has these problems. */
export const badFlag = (flag: string, issues: ReadonlyArray<FieldIssue.FieldIssue>): ConfigurationProblems =>
  new ConfigurationProblems({ issues: FieldIssue.within([flag], issues) })
