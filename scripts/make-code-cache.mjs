// Writes V8's code cache of the command (src/cli/start.ts), as the last step of the build: commands are run over samples,
// each in a process of its own, and what V8 has compiled by their end is kept. Only functions that ran are in it.

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const record = fileURLToPath(new URL('record-code.mjs', import.meta.url))
const samples = fileURLToPath(new URL('../samples/', import.meta.url))
const classical = `${samples}classical-x25519.pcap`
const hybrid = `${samples}hybrid-x25519mlkem768.pcap`

// The first that loads a chunk decides what is kept of it: the usual ones come first.
const commands = [
  [hybrid, classical],
  ['--format', 'ndjson', hybrid, classical],
  ['--format', 'json', hybrid],
  ['--format', 'csv', hybrid],
  ['check', '--require', 'hybrid', hybrid],
  ['show', hybrid],
  ['diff', classical, hybrid],
  ['groups'],
]

for (const command of commands) {
  const { status, stderr } = spawnSync(process.execPath, [record, ...command], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`pqcap ${command.join(' ')} ended with ${status}: ${stderr}`)
}
