/** What a simulation counted and how its calls ended, a line each, for the log of the tests and the README. */
export const reportText = (
  vendor: string,
  seed: number,
  counts: Readonly<Record<string, number>>,
  ends: Readonly<Record<string, number>>,
): string =>
  [
    `${vendor}, seed ${seed}`,
    ...Object.entries(counts).map(([name, count]) => line(count, words(name))),
    ...Object.entries(ends)
      .sort(([, a], [, b]) => b - a)
      .map(([end, count]) => line(count, `ended: ${end}`)),
  ].join("\n")

const line = (count: number, text: string): string => `${String(count).padStart(8)} ${text}`

const words = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
