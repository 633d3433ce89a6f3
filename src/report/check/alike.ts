import type { Finding } from '../../policy/finding.js'

/**
 * Fingerprints of which no two are the same, for readers that take findings with one fingerprint for one: the second of
 * a kind on one server of a capture is `FINGERPRINT:2`. They are numbered in order, as ports and times change from run to
 * run; those that the baseline knows first, so that one more takes none of their numbers.
 */
export function distinctFingerprints(findings: readonly Finding[]): ReadonlyMap<Finding, string> {
  const counts = new Map<string, number>()
  const distinct = new Map<Finding, string>()
  for (const standing of ['known', 'new'] as const)
    for (const finding of findings) {
      const { state, fingerprint } = finding
      if (state !== standing) continue
      const number = (counts.get(fingerprint) ?? 0) + 1
      counts.set(fingerprint, number)
      distinct.set(finding, number === 1 ? fingerprint : `${fingerprint}:${number}`)
    }
  return distinct
}
