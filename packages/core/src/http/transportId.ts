/** The ids of transports: two transports of one kind and with the same settings have the same id. */

const numbers = new WeakMap<object, number>()
let count = 0

/** Returns the id of a transport of this kind, without or with an object of its settings, which is distinguished as such. */
export const transportId = (kind: string, setting?: object): string => {
  if (setting === undefined) return kind
  const number = numbers.get(setting) ?? ++count
  numbers.set(setting, number)
  return `${kind}#${number}`
}
