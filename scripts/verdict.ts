/** How a check ends: its problems, one a line, or one line that says what it found in order. */
export const conclude = (problems: ReadonlyArray<string>, summary: string): void => {
  for (const problem of problems) console.log(problem)
  if (problems.length > 0) process.exitCode = 1
  else console.log(summary)
}

/** A check that cannot be made here. It is shown as skipped, with the reason, and never as passed. */
export const skip = (reason: string): void => console.log(`skipped: ${reason}`)
