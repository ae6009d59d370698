/** An id in the form of the vendor's ids that the vendor does not know. */

/** Returns the characters of a known id in reverse order. */
export const unknownId = (id: string): string => Array.from(id).reverse().join("")
