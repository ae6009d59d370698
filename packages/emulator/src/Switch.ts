/**
 * What a vendor leaves unsaid, as data: one switch per unconfirmed behavior, with the id of the vendor fact it belongs
 * to, every value worth trying, and the value an emulator starts with. Adapters cite the same ids in their registries of
 * facts, and a conformance suite can try each value in turn.
 */

export interface Switch<Value extends string = string> {
  /** The vendor fact this stands for: `<vendor>/<kebab-name>`. */
  readonly fact: string
  readonly values: ReadonlyArray<Value>
  readonly default: Value
  /** What is not known, and what the values mean. */
  readonly note: string
}

/** One vendor's switches by name: the name is the fact's last part, in camel case. */
export type Switches = Readonly<Record<string, Switch>>

/** A value for every switch. */
export type Settings<S extends Switches> = { readonly [Name in keyof S]: S[Name]["values"][number] }

/** The settings an emulator starts with: every default, replaced where `settings` says so. */
export const settingsOf = <S extends Switches>(switches: S, settings: Partial<Settings<S>> = {}): Settings<S> => {
  const all: Record<string, string> = {}
  for (const [name, entry] of Object.entries(switches)) all[name] = settings[name] ?? entry.default
  return all as Settings<S>
}
