/** What a caller wrote, no longer than a line of a message: nobody reads the rest of it. */
export const brief = (text: string, most = 80): string => {
  const start = Array.from(text.slice(0, 2 * most + 2))
  return start.length > most ? `${start.slice(0, most).join("")}...` : text
}
