import { fileURLToPath } from 'node:url'
import { capinfos, command, costTable, isInstalled, medians, pqcap } from '../measure.mjs'

export const question = 'How long does one small capture take, the whole process?'

export function measure({ runs }) {
  const sample = fileURLToPath(new URL('../../samples/hybrid-x25519mlkem768.pcap', import.meta.url))
  const bare = command('node -e 0', process.execPath, '-e', '0')
  const table = { ...pqcap(sample, 'pqcap (table)') }
  table.argv = table.argv.filter((word) => word !== '--format' && word !== 'ndjson')
  const commands = [bare, pqcap(sample), table]
  // Short as these are, more runs cost little and say more.
  return costTable(medians([...commands, ...(isInstalled('capinfos') ? [capinfos(sample)] : [])], runs * 4))
}
