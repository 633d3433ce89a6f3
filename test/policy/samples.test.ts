import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { RULES } from '../../src/policy/rules/index.js'
import { evaluatorFor } from '../support/policies.js'

const SAMPLES = fileURLToPath(new URL('../../samples/', import.meta.url))
const files = readdirSync(SAMPLES, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.pcap(?:ng)?(?:\.gz)?$/.test(name),
)

/** Every rule, asking for what hardly any handshake has. */
const STRICT = `
rules:
  outcome: [unanswered]
  label: [unknown]
  tls-version: { allowed: [SSLv2] }
  groups: { allowed: [MLKEM1024] }
  group-status: { denied: [draft, obsolete, broken, private, unassigned], in: [selected, shared, offered] }
  cipher-suite: [TLS_NULL_WITH_NULL_NULL]
  encryption: [plaintext]
  offer: { all-of: [MLKEM1024], any-of: [MLKEM512], denied: [x25519] }
  key-shares: { kinds: [post-quantum], denied: [x25519] }
  key-share-validity: { level: info }
  hello-retry-requests: error
  handshake-bytes: 1
  round-trips: 1
`

describe('the strictest policy', () => {
  test.each(files)('says of %s what has evidence in it, twice the same', async (name) => {
    const evaluators = [await evaluatorFor(STRICT), await evaluatorFor(STRICT)] as const
    let packets = 0
    const frames: number[] = []
    const ids = RULES.map(({ id }) => id)
    for await (const record of analyze(join(SAMPLES, name), { name })) {
      if (record.type === 'capture') packets = record.packets
      else {
        const [judged, again] = evaluators.map((evaluator) => evaluator.handshake(record))
        expect(again).toEqual(judged)
        const { failures } = judged ?? { failures: [] }
        expect(failures.length).toBeGreaterThan(0)
        const order = failures.map(({ rule }) => ids.indexOf(rule))
        expect(order).toEqual([...order].sort((a, b) => a - b))
        for (const { message, frames: some } of failures) {
          expect(message).toMatch(/^[A-Z].*[.)]$/s)
          expect(some.length).toBeGreaterThan(0)
          frames.push(...some)
        }
      }
    }
    expect(Math.min(...frames)).toBeGreaterThan(0)
    expect(Math.max(...frames)).toBeLessThanOrEqual(packets)
  })
})
