import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/cli/exit.js'
import { parseFilter, parseFilters } from '../../src/cli/filter.js'
import { handshakeRecord, incompleteRecord, negotiated, rejectedRecord, tls12Record } from '../support/records.js'

const HYBRID = handshakeRecord()
const TLS12 = tls12Record()
const REJECTED = rejectedRecord()
const NAMELESS = handshakeRecord({ serverName: null })
const INTERNATIONAL = handshakeRecord({ serverName: 'www.xn--bcher-kva.example' })
const IPV6 = handshakeRecord({
  client: { address: '2001:db8::7', port: 1 },
  server: { address: '2001:db8:1::8', port: 443 },
})
const RSA = tls12Record({ negotiated: negotiated(null, { version: 'TLSv1.2', keyExchange: 'RSA' }) })
const MAPPED = handshakeRecord({ client: { address: '::ffff:198.51.100.7', port: 1 } })
const FLAWED = handshakeRecord({
  notes: [
    { code: 'gap', message: 'a gap' },
    { code: 'low-order-point', message: 'a point of low order', severity: 'error' },
  ],
})
const UNNAMED = handshakeRecord({ negotiated: negotiated(null, { version: 'unknown (0x0101)' }) })
const DRAFT = handshakeRecord({ negotiated: negotiated(null, { version: 'TLSv1.3-draft23' }) })

describe('a filter', () => {
  test.each([
    ['label=hybrid', HYBRID, true],
    ['label=hybrid', TLS12, false],
    ['label=classical,hybrid', TLS12, true],
    ['label!=hybrid', TLS12, true],
    ['label!=hybrid,classical', TLS12, false],
    ['label=hybrid', REJECTED, false],
    ['label!=hybrid', REJECTED, true],
    [' LABEL = Hybrid ', HYBRID, true],
    ['outcome=rejected,incomplete', REJECTED, true],
    ['outcome=negotiated', incompleteRecord(), false],
    ['reason=alert-before-server-hello', REJECTED, true],
    ['version=TLSv1.3', HYBRID, true],
    ['version=tls1.3', HYBRID, true],
    ['version=1.2', HYBRID, false],
    ['version=1.2', TLS12, true],
    ['version=1.0', TLS12, false],
    ['version=TLSv1.3-draft23', DRAFT, true],
    ['version=1.3', REJECTED, false],
    ['version=unknown (0x0101)', UNNAMED, true],
    ['version=unknown (0x0101)', HYBRID, false],
    ['group=x25519mlkem768', HYBRID, true],
    ['group=4588', HYBRID, true],
    ['group=0x11EC', HYBRID, true],
    ['group=secp256r1,x25519', TLS12, true],
    ['group=X25519-MLKEM768', HYBRID, true],
    ['group=prime256v1', TLS12, true],
    ['group=P-256', HYBRID, false],
    ['group=x25519', HYBRID, false],
    ['group=rsa', RSA, true],
    ['group!=x25519', REJECTED, true],
    ['server-name=server.example.test', HYBRID, true],
    ['server-name=*.EXAMPLE.test', HYBRID, true],
    ['server-name=server.example.test.', HYBRID, true],
    ['server-name=*.Bücher.example', INTERNATIONAL, true],
    ['server-name=xn--bcher-kva.example', INTERNATIONAL, false],
    ['server-name=example', HYBRID, false],
    ['server-name=*', NAMELESS, false],
    ['server-name!=*', NAMELESS, true],
    ['address=198.51.100.1', HYBRID, true],
    ['address=198.51.100.2', HYBRID, true],
    ['client=198.51.100.1', HYBRID, false],
    ['server=198.51.100.1', HYBRID, true],
    ['address=198.51.100.0/24', HYBRID, true],
    ['address=198.51.101.0/24', HYBRID, false],
    ['address=0.0.0.0/0', IPV6, false],
    ['address=2001:db8::/32', IPV6, true],
    ['address=::/0', IPV6, true],
    ['address=::/0', HYBRID, false],
    ['address!=::/0', HYBRID, true],
    ['address=::/80,198.51.100.1', HYBRID, true],
    ['address=::ffff:198.51.100.1', HYBRID, true],
    ['address=::ffff:0:0/96', HYBRID, true],
    ['address=198.51.100.7', MAPPED, true],
    ['client=::/0', MAPPED, true],
    ['client=2001:0DB8:0::0007', IPV6, true],
    ['server=2001:db8::/48,10.0.0.0/8', IPV6, false],
    ['port=443,4433', HYBRID, true],
    ['port=1,2', IPV6, true],
    ['port=4430', HYBRID, false],
    ['port!=4433', HYBRID, false],
    ['stream=0,7', HYBRID, true],
    ['stream=7', HYBRID, false],
    ['severity=Error', FLAWED, true],
    ['severity=warning,info', FLAWED, false],
    ['severity!=error', HYBRID, true],
  ])('%s on a record: %#', (expression, record, expected) => {
    expect(parseFilter(expression)(record)).toBe(expected)
  })

  test.each([
    ['label', "filter 'label' is not of the form key=value or key!=value"],
    ['label=', "filter 'label=' has an empty value"],
    ['label=hybrid,,psk', "filter 'label=hybrid,,psk' has an empty value"],
    ['label=hybird', "unknown label 'hybird'; did you mean 'hybrid'?"],
    ['label=xyzxyzxyz', "unknown label 'xyzxyzxyz'; known: hybrid, post-quantum, classical, psk, unknown"],
    ['outcome=reject', "unknown outcome 'reject'; did you mean 'rejected'?"],
    [
      'sni=x',
      "unknown filter key 'sni'; known: label, outcome, reason, version, group, server-name, client, server, address, port, stream, severity",
    ],
    ['version=TLSv1.4', "unknown version 'TLSv1.4'; did you mean 'TLSv1.1'?"],
    ['group=X25519MLKEM786', "unknown group 'X25519MLKEM786'; did you mean 'X25519MLKEM768'?"],
    ['group=kybr', "unknown group 'kybr'; did you mean 'kyber512'?"],
    ['group=70000', 'group 70000 is more than 65535'],
    ['address=1.2.3', "'1.2.3' is neither an address nor a block such as 198.51.100.0/24 or 2001:db8::/32"],
    ['address=1.2.3.4/33', "'1.2.3.4/33' is neither an address nor a block such as 198.51.100.0/24 or 2001:db8::/32"],
    ['address=::/129', "'::/129' is neither an address nor a block such as 198.51.100.0/24 or 2001:db8::/32"],
    ['port=https', "port 'https' is not a whole number from 0 to 65535"],
    ['port=65536', "port '65536' is not a whole number from 0 to 65535"],
    ['stream=-1', "stream '-1' is not a whole number"],
    ['severity=warn', "unknown severity 'warn'; did you mean 'warning'?"],
  ])('%s is wrong usage', (expression, message) => {
    expect(() => parseFilter(expression)).toThrow(new UsageError(message))
  })

  test('of several, all must hold', () => {
    const filter = parseFilters(['label=hybrid,classical', 'version=1.2'])
    expect([HYBRID, TLS12].map(filter)).toEqual([false, true])
  })
})
