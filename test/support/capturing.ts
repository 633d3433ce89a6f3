import { spawnSync } from 'node:child_process'

/** Why nothing can be captured on loopback here; null where it can. */
export function cannotCapture(): string | null {
  for (const program of ['tcpdump', 'openssl'])
    if (spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0) return `${program} is not installed`
  // Compiles a filter for the interface, and opens it for that.
  const { status, stderr } = spawnSync('tcpdump', ['-i', 'lo', '-d', 'tcp'], { encoding: 'utf8' })
  return status === 0 ? null : stderr.trim()
}
