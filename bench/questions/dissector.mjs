import { capture } from '../captures.mjs'
import { command, costTable, isInstalled, measuresResources, medians, pqcap } from '../measure.mjs'

export const question = 'How much processor time does it save over tshark, printing the groups of the key shares?'

const HELLOS = 'tls.handshake.type==1 || tls.handshake.type==2'
const FIELDS = ['tcp.stream', 'tls.handshake.type', 'tls.handshake.extensions_key_share_group']

export function measure({ runs, scale }) {
  if (!isInstalled('tshark') || !measuresResources) return 'Skipped: tshark and GNU time are needed.'
  const path = capture('handshakes', 250 * scale)
  const fields = FIELDS.flatMap((field) => ['-e', field])
  const tshark = command('tshark', 'tshark', '-n', '-r', path, '-Y', HELLOS, '-T', 'fields', ...fields)
  return costTable([...medians([pqcap(path)], runs), ...medians([tshark], 1)], 'cpu')
}
