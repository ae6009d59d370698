/** Ends a check: prints its problems, one a line, and fails; without a problem it prints the summary. */
export const conclude = (problems: ReadonlyArray<string>, summary: string): void => {
  for (const problem of problems) console.log(problem)
  if (problems.length > 0) process.exitCode = 1
  else console.log(summary)
}

/** Ends a check that cannot run on this machine. It counts as skipped, with the reason, and not as passed. */
export const skip = (reason: string): void => console.log(`skipped: ${reason}`)
