import { holds, namesOf, numbered } from '../code-points.js'
import type { CodePoints } from '../policy.js'
import { framesOf, rule, withoutAgreement } from '../rule.js'

export const cipherSuite = rule<{ readonly allowed?: readonly CodePoints[]; readonly denied?: readonly CodePoints[] }>({
  id: 'cipher-suite',
  title: 'The cipher suite is allowed',
  help: 'The suite that the server selected. In TLS 1.3 it says how data is encrypted, in TLS 1.2 also how keys are exchanged. A pattern such as TLS_RSA_* stands for every registered suite that fits. Change the list of suites on the server.',
  settings: {
    allowed: { kind: 'cipher-suites', help: 'suites that pass' },
    denied: { kind: 'cipher-suites', help: 'suites that do not' },
  },
  shorthand: 'allowed',
  needs: ['allowed', 'denied'],
  evaluate(record, { allowed, denied }) {
    const { negotiated, serverHello } = record
    if (negotiated === null) return withoutAgreement(record)
    const { id, name } = negotiated.cipherSuite
    const asked: string[] = []
    if (allowed !== undefined && !holds(allowed, id, name)) asked.push(`allowed: ${namesOf(allowed)}`)
    if (denied !== undefined && holds(denied, id, name)) asked.push(`denied: ${namesOf(denied)}`)
    if (asked.length === 0) return 'holds'
    const message = `The cipher suite is ${numbered({ id, name })}; ${asked.join('; ')}.`
    return [{ message, frames: framesOf(serverHello?.frame), values: [id] }]
  },
})
