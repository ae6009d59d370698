/**
 * What a vendor leaves unsaid, as data. A switch stands for one unconfirmed behavior: it has the id of the vendor fact,
 * every value worth trying, and the value that an emulator starts with. Adapters cite the same ids in their registries of
 * facts, and a conformance suite can try each value.
 */

/** One unconfirmed behavior of a vendor, with its possible values. */
export interface Switch<Value extends string = string> {
  /** The id of the vendor fact: `<vendor>/<kebab-name>`. */
  readonly fact: string
  readonly values: ReadonlyArray<Value>
  /** The value that an emulator starts with. */
  readonly default: Value
  /** What is not known, and what the values mean. */
  readonly note: string
}

/** One vendor's switches by name. The name is the last part of the fact's id, in camel case. */
export type Switches = Readonly<Record<string, Switch>>

/** A value for every switch. */
export type Settings<S extends Switches> = { readonly [Name in keyof S]: S[Name]["values"][number] }

/** Returns a value for every switch: that of `settings`, or else the switch's default. */
export const settingsOf = <S extends Switches>(switches: S, settings: Partial<Settings<S>> = {}): Settings<S> => {
  const values: Record<string, string> = {}
  for (const [name, entry] of Object.entries(switches)) values[name] = settings[name] ?? entry.default
  return values as Settings<S>
}
