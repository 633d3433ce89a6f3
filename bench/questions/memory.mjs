import { capture } from '../captures.mjs'
import { costTable, measuresResources, medians, pqcap, pqcapAfterCat, pqcapAfterTraffic } from '../measure.mjs'

export const question = 'Does memory stay the same for a capture ten times as long?'

/** Each kind at a tenth of its size and at its size, from a file and from a pipe; with --long at ten times, too. */
export function measure({ scale, long }) {
  if (!measuresResources) return 'Skipped: GNU time is needed.'
  const rows = [
    ['bulk', 2000 * scale],
    ['handshakes', 1000 * scale],
  ].flatMap(([kind, megabytes]) => {
    const sizes = [megabytes / 10, megabytes].flatMap((size) => [
      pqcap(capture(kind, size), `pqcap, ${size} MB of ${kind}`),
      pqcapAfterCat(capture(kind, size), `cat | pqcap -, ${size} MB of ${kind}`),
    ])
    if (long) sizes.push(pqcapAfterTraffic(kind, megabytes * 10, `traffic | pqcap -, ${megabytes * 10} MB of ${kind}`))
    return sizes.flatMap((one) => medians([one], 1))
  })
  return costTable(rows)
}
