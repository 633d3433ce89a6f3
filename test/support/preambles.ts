import { big, join } from './bytes.js'

/** Lines as protocols of text end them. */
export const text = (...lines: string[]): Uint8Array =>
  new TextEncoder().encode(lines.map((line) => `${line}\r\n`).join(''))

const proxySignature = Uint8Array.of(0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a)
const proxyHeader = (rest: number): Uint8Array =>
  join(proxySignature, [0x21, 0x11], big(rest, 2), new Uint8Array(rest).fill(7))
const hostName = new TextEncoder().encode('example.test')

/** Capabilities, largest packet, character set, 19 zeros and MariaDB's own capabilities, all little-endian. */
export function mysqlSslRequest(capabilities: number, mariadb = 0): Uint8Array {
  const words = new DataView(new ArrayBuffer(32))
  words.setUint32(0, capabilities, true)
  words.setUint32(4, 1 << 24, true)
  words.setUint8(8, 0x2d)
  words.setUint32(28, mariadb, true)
  return join([32, 0, 0, 1], new Uint8Array(words.buffer))
}

/** What is said before TLS in one segment with a ClientHello. */
export const CLIENT_PREAMBLES: readonly (readonly [name: string, preamble: Uint8Array])[] = [
  ['a PROXY line', text('PROXY TCP4 192.0.2.1 198.51.100.2 50000 443')],
  ['the longest PROXY line', text(`PROXY TCP6 ${'f'.repeat(39)} ${'f'.repeat(39)} 65535 65535`.padEnd(105))],
  ['a PROXY header', proxyHeader(12)],
  ['a PROXY header with additions', proxyHeader(700)],
  ['STARTTLS of SMTP', text('STARTTLS')],
  ['EHLO and STARTTLS', text('EHLO client.example.test', 'STARTTLS')],
  ['STARTTLS of IMAP', text('a001 STARTTLS')],
  ['STARTTLS of XMPP', new TextEncoder().encode("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")],
  ['HTTP CONNECT', text('CONNECT example.test:443 HTTP/1.1', 'Host: example.test:443', 'User-Agent: test/1', '')],
  ['SOCKS 5', join([5, 1, 0], [5, 1, 0, 3, hostName.length], hostName, big(443, 2))],
  ['SOCKS 5 with an IPv4 address', join([5, 2, 0, 2], [5, 1, 0, 1, 192, 0, 2, 1], big(443, 2))],
  ['a request of SOCKS 5 alone', join([5, 1, 0, 4], new Uint8Array(16).fill(1), big(443, 2))],
  ['SOCKS 4', join([4, 1], big(443, 2), [192, 0, 2, 1], [0x75, 0])],
  ['SOCKS 4A', join([4, 1], big(443, 2), [0, 0, 0, 1], [0], hostName, [0])],
  ["PostgreSQL's SSLRequest", Uint8Array.of(0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f)],
  ["MySQL's SSLRequest", mysqlSslRequest(0x01ffae85)],
  ["MariaDB's SSLRequest", mysqlSslRequest(0x20bfaa84, 0x1d)],
]

/** What a server says in one segment with its ServerHello, as the client did not wait for it. */
export const SERVER_PREAMBLES: readonly (readonly [name: string, preamble: Uint8Array])[] = [
  ['an answer to HTTP CONNECT', text('HTTP/1.1 200 Connection established', '')],
  ['an answer with an empty body', text('HTTP/1.1 200 OK', 'Content-Length: 0', '')],
  ['an answer to STARTTLS', text('220 2.0.0 Ready to start TLS')],
  ['an answer of PostgreSQL', text('S').slice(0, 1)],
  ['an answer of SOCKS 5', join([5, 0], [5, 0, 0, 1, 0, 0, 0, 0, 0, 0])],
  ['an answer of SOCKS 4', Uint8Array.of(0, 0x5a, 0, 0, 0, 0, 0, 0)],
]

/** Content in TDS packets of at most `size` bytes. */
export function tdsPackets(content: Uint8Array, size = 4096, type = 0x12): Uint8Array {
  const parts: Uint8Array[] = []
  for (let at = 0; at < content.length; at += size - 8) {
    const part = content.slice(at, at + size - 8)
    const isLast = at + size - 8 >= content.length
    parts.push(join([type, isLast ? 1 : 0], big(part.length + 8, 2), [0, 0, parts.length, 0], part))
  }
  return join(...parts)
}
