/** Checks a registry of facts about a vendor. */
import type { Fact } from "@openretl/core/driver/Description"
import type { Switches } from "@openretl/emulator/Switch"

/** The facts about one vendor, and what the registry must agree with. */
export interface Registry {
  /** The first part of every id, as in `acme/list-order`. */
  readonly vendor: string
  readonly facts: ReadonlyArray<Fact>
  /** The emulator's switches. Each stands for the fact of the same id, and that fact has `hasSwitch`. */
  readonly switches: Switches
  /** The confidences that a fact about this vendor can have. List `live` only once somebody has used a real account. */
  readonly confidence: ReadonlyArray<Fact["confidence"]>
  /** Matches the beginning of every probe, which must be a read, as in `/^GET \/v2\//`. */
  readonly probe: RegExp
}

/** Returns every problem of the registry, one line each with the fact's id; an empty list for a good registry. */
export const problems = ({ vendor, facts, switches, confidence, probe }: Registry): ReadonlyArray<string> => {
  const idPattern = new RegExp(`^${vendor}/[a-z0-9]+(?:-[a-z0-9]+)*$`)
  const switched = Object.values(switches).map(({ fact }) => fact)
  const withSwitch = facts.filter(({ hasSwitch }) => hasSwitch === true).map(({ id }) => id)
  return [
    ...facts.flatMap((fact, index) => [
      ...(idPattern.test(fact.id) ? [] : [`${fact.id}: the id is not "${vendor}/" with a name in kebab case`]),
      ...(facts.findIndex(({ id }) => id === fact.id) === index ? [] : [`${fact.id}: the id is used twice`]),
      ...texts.filter((text) => fact[text].length <= 5).map((text) => `${fact.id}: the ${text} says nothing`),
      ...(confidence.includes(fact.confidence) ? [] : [`${fact.id}: no fact can have confidence ${fact.confidence}`]),
      ...(fact.probe === undefined || probe.test(fact.probe) ? [] : [`${fact.id}: the probe does not begin as a read`]),
    ]),
    ...withSwitch.filter((id) => !switched.includes(id)).map((id) => `${id}: the emulator has no switch for it`),
    ...switched.filter((id) => !withSwitch.includes(id)).map((id) => `${id}: the emulator's switch is for no fact`),
    ...switched
      .filter((id, index) => switched.indexOf(id) !== index)
      .map((id) => `${id}: the emulator has two switches`),
  ]
}

const texts = ["claim", "source", "consequence"] as const satisfies ReadonlyArray<keyof Fact>
