import type { UnusedOverride } from './finding.js'
import type { Override } from './policy.js'
import { whereText } from './where.js'

/** That something fits an override, and which one it came under: this one, or one before it. */
export type OverrideUse = readonly [override: number, takenBy: number]

/** Gathers which overrides something came under; of one that nothing did, what was the first to be in its way. */
export class OverrideUses {
  /** By override: itself where it is used, else the first that took what matches it. */
  private readonly takenBy: (number | undefined)[] = []
  private told: OverrideUse[] = []

  /** Whether more can be learnt of an override by something that comes under another one. */
  isOpen(override: number): boolean {
    return this.takenBy[override] === undefined
  }

  note(override: number, takenBy: number): void {
    const before = this.takenBy[override]
    if (before === override || (before !== undefined && takenBy !== override)) return
    this.takenBy[override] = takenBy
    this.told.push([override, takenBy])
  }

  /** What is new since the last time, in the order in which it came. */
  take(): readonly OverrideUse[] {
    const { told } = this
    if (told.length > 0) this.told = []
    return told
  }

  /** The overrides that nothing came under, in their order; `hint` is what server names may be a slip of. */
  unused(
    overrides: readonly Override[],
    hint: (serverNames: readonly string[]) => string = () => '',
  ): UnusedOverride[] {
    const { takenBy } = this
    // A policy that is extended by two others is there twice.
    const told = new Set(overrides.filter((_, index) => takenBy[index] === index).map(({ source }) => source))
    return overrides.flatMap(({ where, source, extended = false }, index): UnusedOverride[] => {
      if (told.has(source)) return []
      told.add(source)
      const by = takenBy[index]
      const message =
        by === undefined
          ? `no handshake matches it${hint(where['server-name'] ?? [])}`
          : `overrides before it take all that it matches, as ${overrides[by]?.source} does`
      return [{ place: source, where: whereText(where), message, extended }]
    })
  }
}
