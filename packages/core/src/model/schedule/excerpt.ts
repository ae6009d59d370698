/** Returns a caller's text for a message: at most `maxLength` characters of it, so that a message stays readable. */
export const excerpt = (text: string, maxLength = 80): string => {
  const characters = Array.from(text.slice(0, 2 * maxLength + 2))
  return characters.length > maxLength ? `${characters.slice(0, maxLength).join("")}...` : text
}
