/** What a registry of facts about a vendor has to be, for people and programs to lean on it. */
import type { Fact } from "@openretl/core/driver/Description"
import type { Switches } from "@openretl/emulator/Switch"

export interface Registry {
  /** The first part of every id, as in `segment/list-order`. */
  readonly vendor: string
  readonly facts: ReadonlyArray<Fact>
  /** The emulator's: each stands for a fact of the same id that has `hasSwitch`, and each such fact for one of them. */
  readonly switches: Switches
  /** How well facts can be known at this vendor: `live` only once somebody has looked into a real account. */
  readonly confidence: ReadonlyArray<Fact["confidence"]>
  /** How a probe begins, which has to be a read: `/^GET \/v2\//`. */
  readonly probe: RegExp
}

/** All that is wrong, a line each with the fact's id; nothing is what a test expects. */
export const problems = ({ vendor, facts, switches, confidence, probe }: Registry): ReadonlyArray<string> => {
  const idPattern = new RegExp(`^${vendor}/[a-z0-9]+(?:-[a-z0-9]+)*$`)
  const switched = Object.values(switches).map(({ fact }) => fact)
  const withSwitch = facts.filter(({ hasSwitch }) => hasSwitch === true).map(({ id }) => id)
  return [
    ...facts.flatMap((fact, index) => [
      ...(idPattern.test(fact.id) ? [] : [`${fact.id}: the id is not ${vendor}/ and a name in kebab case`]),
      ...(facts.findIndex(({ id }) => id === fact.id) === index ? [] : [`${fact.id}: is there twice`]),
      ...texts.filter((text) => fact[text].length <= 5).map((text) => `${fact.id}: says nothing in ${text}`),
      ...(confidence.includes(fact.confidence) ? [] : [`${fact.id}: cannot be known to be ${fact.confidence}`]),
      ...(fact.probe === undefined || probe.test(fact.probe) ? [] : [`${fact.id}: the probe does not begin as a read`]),
    ]),
    ...withSwitch.filter((id) => !switched.includes(id)).map((id) => `${id}: the emulator has no switch for it`),
    ...switched.filter((id) => !withSwitch.includes(id)).map((id) => `${id}: the emulator's switch is for no fact`),
    ...switched.filter((id, index) => switched.indexOf(id) !== index).map((id) => `${id}: has two switches`),
  ]
}

const texts = ["claim", "source", "consequence"] as const satisfies ReadonlyArray<keyof Fact>
