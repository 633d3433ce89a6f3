import { capture } from '../captures.mjs'
import { bareWalk, capinfos, costTable, isInstalled, medians, pqcap, pqcapAfterCat } from '../measure.mjs'

export const question = 'How fast is a capture of mostly handshakes read?'

export function measure({ runs, scale }) {
  const path = capture('handshakes', 1000 * scale)
  const yardstick = isInstalled('capinfos') ? [capinfos(path)] : []
  return costTable(medians([...yardstick, bareWalk(path), pqcap(path), pqcapAfterCat(path)], runs))
}
