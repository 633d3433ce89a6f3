import { createHash } from 'node:crypto'
import { type CheckWork, type ExpectedCounts, evaluatorOf, type Judged } from '../policy/evaluate.js'
import type { NearName } from '../policy/near-names.js'
import type { OverrideUse } from '../policy/override-use.js'
import type { Preparer } from '../report/index.js'

/**
 * What a worker delivers of a check: a handshake with failures, what it counted for the expectations, or what it learnt
 * of the overrides and of server names.
 */
export type CheckDelivery =
  | Judged
  | ExpectedCounts
  | { readonly overrides: readonly OverrideUse[] }
  | { readonly near: readonly NearName[] }

/** Holds handshakes against a policy in a worker, and gives what is not as it says. */
export async function checkPreparer(work: CheckWork): Promise<Preparer> {
  const evaluator = await evaluatorOf(work, digest)
  return {
    handshake(record) {
      const judged = evaluator.handshake(record)
      return judged === null ? '' : line(judged)
    },
    rest() {
      const counts = evaluator.takeCounts()
      const overrides = evaluator.takeOverrideUses()
      const near = evaluator.takeNearNames()
      return [
        counts.some(({ matching, open }) => matching > 0 || open > 0) ? line(counts) : '',
        overrides.length > 0 ? line({ overrides }) : '',
        near.length > 0 ? line({ near }) : '',
      ].join('')
    },
  }
}

/** What any number of such texts hold, one after another. */
export function checkDeliveries(text: Uint8Array): readonly CheckDelivery[] {
  return text.length === 0 ? [] : JSON.parse(`[${new TextDecoder().decode(text.subarray(1))}]`)
}

function line(delivery: CheckDelivery): string {
  return `,${JSON.stringify(delivery)}`
}

/** 128 bits of SHA-256: nobody finds two failures with the same. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}
