/** The nearest names of what was not found. */

/** Returns at most three names that one or two slips of the finger, or a few for a long name, lead to; nearest first. */
export const nearest = (text: string, names: ReadonlyArray<string>): ReadonlyArray<string> => {
  const most = Math.max(2, Math.floor(text.length / 4))
  return names
    .map((name) => [name, distance(text.toLowerCase(), name.toLowerCase())] as const)
    .filter(([name, slips]) => slips <= most || name.toLowerCase().startsWith(text.toLowerCase()))
    .sort(([, one], [, other]) => one - other)
    .slice(0, 3)
    .map(([name]) => name)
}

/** `Did you mean orders or order-lines?`, with a space in front; empty without a near name. */
export const question = (text: string, names: ReadonlyArray<string>): string => {
  const near = nearest(text, names)
  return near.length === 0 ? "" : ` Did you mean ${near.join(" or ")}?`
}

/** How many letters have to be added, removed or replaced. */
const distance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
