import { encrypts } from '../../registry/cipher-suites.js'
import { listText } from '../code-points.js'
import { framesOf, rule, withoutAgreement } from '../rule.js'

const PLACES = ['after-server-hello', 'after-change-cipher-spec', 'plaintext']

export const encryption = rule<{ readonly allowed: readonly string[] }>({
  id: 'encryption',
  title: 'Encryption begins where it should',
  help: 'In TLS 1.3 all that the server sends after its ServerHello is encrypted, certificates with it; in TLS 1.2 and older encryption begins after ChangeCipherSpec. Plaintext after a ServerHello of TLS 1.3 is a defect of the server, or of something in between. A cipher suite that encrypts nothing counts as plaintext.',
  settings: { allowed: { kind: 'words', words: PLACES, help: 'places that pass' } },
  defaults: { allowed: ['after-server-hello'] },
  shorthand: 'allowed',
  needs: ['allowed'],
  evaluate(record, { allowed }) {
    const { negotiated, serverHello, encryption: seen } = record
    if (negotiated === null) return withoutAgreement(record)
    const { id, name } = negotiated.cipherSuite
    if (!encrypts(id) && !allowed.includes('plaintext'))
      return [
        {
          message: `The cipher suite ${name} encrypts nothing; allowed: ${listText(allowed)}.`,
          frames: framesOf(serverHello?.frame),
          values: [name],
        },
      ]
    if (allowed.includes(seen.begins)) return 'holds'
    if (seen.begins === 'not-seen') return { notSeen: 'where encryption begins' }
    const begins =
      seen.begins === 'plaintext'
        ? 'A handshake message in the clear follows the ServerHello'
        : `Encryption begins ${seen.begins.replace('after-change-cipher-spec', 'after ChangeCipherSpec').replace('after-server-hello', 'after the ServerHello')}`
    return [
      {
        message: `${begins}; allowed: ${listText(allowed)}.`,
        frames: framesOf(serverHello?.frame, seen.changeCipherSpec.server, seen.serverFrame),
        values: [seen.begins],
      },
    ]
  },
})
