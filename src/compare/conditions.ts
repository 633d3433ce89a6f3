import type { ConditionResult, PairComparison } from './comparison.js'

/** A condition under which a comparison fails. */
export type Condition =
  /** A pair went down in the order of `strength.ts`. */
  | { readonly kind: 'downgrade' }
  /** Something offered, agreed on or answered is different, or a handshake has no counterpart. */
  | { readonly kind: 'any' }
  /** The TLS bytes of a pair grew by more than so many per cent. */
  | { readonly kind: 'cost'; readonly percent: number }

/** Reads `downgrade`, `any` or `cost:+20%`; null for anything else. */
export function parseCondition(text: string): Condition | null {
  if (text === 'downgrade' || text === 'any') return { kind: text }
  const percent = /^cost:\+(\d{1,6}(?:\.\d{1,3})?)%$/.exec(text)?.[1]
  return percent === undefined ? null : { kind: 'cost', percent: Number(percent) }
}

/** Counts for how many pairs a condition holds. */
export class ConditionCount {
  private readonly text: string
  private readonly condition: Condition
  private failed = 0
  private notComparable = 0

  constructor(text: string, condition: Condition) {
    this.text = text
    this.condition = condition
  }

  add(pair: PairComparison): void {
    const holds = holdsFor(this.condition, pair)
    if (holds === null) this.notComparable++
    else if (holds) this.failed++
  }

  /** `leftOver` handshakes have no counterpart. */
  result(leftOver: number): ConditionResult {
    const { text, condition, failed, notComparable } = this
    return { condition: text, failed: failed + (condition.kind === 'any' ? leftOver : 0), notComparable }
  }
}

/** null where it cannot be told. */
function holdsFor(condition: Condition, pair: PairComparison): boolean | null {
  switch (condition.kind) {
    case 'downgrade':
      return pair.judgement === 'not-comparable' ? null : pair.judgement === 'downgrade'
    case 'any':
      return pair.different ? true : Object.values(pair.facts).some(({ change }) => change === 'unknown') ? null : false
    case 'cost': {
      const { before, after } = pair.sizes.totalBytes
      return before === null || after === null ? null : after * 100 > before * (100 + condition.percent)
    }
  }
}
