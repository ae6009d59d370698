/** The targets of mappings that the vendor's backend keeps for identifiers, and what it does with such mappings. */
import { isRecord } from "./body.ts"

type Fields = Readonly<Record<string, unknown>>

/** Returns the reserved targets: rows that become events have others than records of an object. */
const targetsOf = ({ event, object }: Fields): ReadonlyArray<unknown> => {
  if (object !== undefined) return ["user_id", "context.externalId[0].id"]
  return event === undefined ? [] : ["user_id", "anonymous_id"]
}

/** Whether a mapping of a connection with these fields cannot go to the target. */
export const isReserved = (fields: Fields, target: unknown): boolean => targetsOf(fields).includes(target)

/**
 * Returns the fields as the backend shows them: of events, a mapping to a reserved target is an identifier; of an object, it
 * is gone.
 */
export const fold = <A extends Fields>(fields: A): A => {
  const mappings: unknown = fields["mappings"]
  const identifiers: unknown = fields["identifiers"]
  if (!Array.isArray(mappings) || !Array.isArray(identifiers)) return fields
  const isFolded = (mapping: unknown) => isRecord(mapping) && isReserved(fields, mapping["to"])
  const folded = mappings.filter(isFolded)
  return {
    ...fields,
    mappings: mappings.filter((mapping) => !isFolded(mapping)),
    ...(fields["object"] === undefined && { identifiers: [...identifiers, ...folded] }),
  }
}
