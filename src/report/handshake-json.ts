import type {
  Certificate,
  Cost,
  Encryption,
  Endpoint,
  HandshakeRecord,
  Hello,
  Negotiated,
  Note,
  ServerHello,
  ServerKeyExchange,
  Verdict,
} from '../verdict/record.js'
import { jsonText } from './json-text.js'
import type { Piece } from './reporter.js'

/** Reused for each record. */
const pieces: Piece[] = []

/**
 * Compact JSON of a handshake: the very text of `jsonText`, field by field in the order of the record, at a fraction of
 * the time (bench/results.md). Most of it are the lists of a ClientHello, and most hellos of a capture have the same:
 * their bytes are made once. Valid until the next call.
 */
export function handshakeJson(record: HandshakeRecord, before = '', after = ''): readonly Piece[] {
  const { clientHello, secondClientHello, serverHello } = record
  pieces.length = 0
  pieces.push(`${before}${opening(record)},"clientHello":${helloOpening(clientHello)}`)
  if (clientHello !== null) pieces.push(helloRest(clientHello))
  const retry = record.helloRetryRequest
  pieces.push(
    `,"helloRetryRequest":${retry === null ? 'null' : jsonText(retry)},"secondClientHello":${helloOpening(secondClientHello)}`,
  )
  if (secondClientHello !== null) pieces.push(helloRest(secondClientHello))
  pieces.push(
    `,"serverHello":${serverHelloText(serverHello)}` +
      `,"certificate":${certificateText(record.certificate)}` +
      `,"serverKeyExchange":${serverKeyExchangeText(record.serverKeyExchange)}` +
      `,"encryption":${encryptionText(record.encryption)},"alerts":${list(record.alerts)}` +
      `,"cost":${costText(record.cost)},"notes":[`,
  )
  addNotes(record.notes)
  pieces.push(`]}${after}`)
  return pieces
}

function opening(record: HandshakeRecord): string {
  return (
    `{"type":"handshake","capture":${quoted(record.capture)},"protocol":"tls","stream":${record.stream}` +
    `,"handshake":${record.handshake},"startTime":"${record.startTime}","client":${endpointText(record.client)}` +
    `,"server":${endpointText(record.server)}` +
    `,"serverName":${record.serverName === null ? 'null' : quoted(record.serverName)}` +
    `,"verdict":${verdictText(record.verdict)},"negotiated":${negotiatedText(record.negotiated)}`
  )
}

function endpointText({ address, port }: Endpoint): string {
  return `{"address":"${address}","port":${port}}`
}

function verdictText({ outcome, label, offer, keyShareOffer, reason, explanation }: Verdict): string {
  return (
    `{"outcome":"${outcome}","label":${word(label)},"offer":${word(offer)},"keyShareOffer":${word(keyShareOffer)}` +
    `,"reason":"${reason}","explanation":${quoted(explanation)}}`
  )
}

function negotiatedText(negotiated: Negotiated | null): string {
  if (negotiated === null) return 'null'
  const { version, cipherSuite, group, keyExchange } = negotiated
  return `{"version":"${version}","cipherSuite":${kept(cipherSuite)},"group":${kept(group)},"keyExchange":"${keyExchange}"}`
}

/** The fields that are different in each hello. */
function helloOpening(hello: Hello | null): string {
  if (hello === null) return 'null'
  return `{"frame":${hello.frame},"bytes":${hello.bytes},"segments":${hello.segments},"records":${hello.records}`
}

interface KeptHello {
  readonly hello: Hello
  readonly bytes: Uint8Array
}

/** A longer text is no program's: a hostile hello can make it a hundred times as long. In bytes. */
const MAX_KEPT_TEXT = 16 * 1024
/** Texts kept in all, in bytes: those of some thousand programs. Then all are forgotten, and made anew when needed. */
const MAX_KEPT_TEXTS = 8 * 1024 * 1024
/** Hellos kept that have the same extensions and differ in something else. */
const MAX_ALIKE = 8

/** By the list of extensions, and for no longer than that is remembered. */
let keptHellos = new WeakMap<readonly number[], KeptHello[]>()
let keptTexts = 0
const encoder = new TextEncoder()

/** The fields of a hello that are the same whenever the same program sends it, from legacyVersion to the end. */
function helloRest(hello: Hello): Uint8Array {
  const known = keptHellos.get(hello.extensions) ?? []
  for (const { hello: other, bytes } of known) if (isAlike(other, hello)) return bytes
  const bytes = restBytes(hello)
  if (bytes.length <= MAX_KEPT_TEXT) keep(hello, bytes, known)
  return bytes
}

function keep(hello: Hello, bytes: Uint8Array, known: KeptHello[]): void {
  if (keptTexts + bytes.length > MAX_KEPT_TEXTS) {
    keptHellos = new WeakMap()
    keptTexts = 0
    known = []
  }
  if (known.length === MAX_ALIKE) known.shift()
  known.push({ hello, bytes })
  keptTexts += bytes.length
  keptHellos.set(hello.extensions, known)
}

function restBytes(hello: Hello): Uint8Array {
  const { frame: _frame, bytes: _bytes, segments: _segments, records: _records, ...rest } = hello
  return encoder.encode(`,${jsonText(rest).slice(1)}`)
}

/** Equal lists are the same object, or come from too long a hello to be worth it. */
function isAlike(a: Hello, b: Hello): boolean {
  return (
    a.legacyVersion === b.legacyVersion &&
    a.supportedVersions === b.supportedVersions &&
    a.cipherSuites === b.cipherSuites &&
    a.supportedGroups === b.supportedGroups &&
    a.keyShares === b.keyShares &&
    a.signatureSchemes === b.signatureSchemes &&
    a.alpn === b.alpn &&
    a.pskModes === b.pskModes &&
    a.preSharedKey === b.preSharedKey &&
    a.earlyData === b.earlyData &&
    a.encryptedClientHello === b.encryptedClientHello
  )
}

function serverHelloText(hello: ServerHello | null): string {
  if (hello === null) return 'null'
  return (
    `{"frame":${hello.frame},"bytes":${hello.bytes},"segments":${hello.segments},"version":"${hello.version}"` +
    `,"cipherSuite":${kept(hello.cipherSuite)},"keyShare":${kept(hello.keyShare)}` +
    `,"preSharedKey":${hello.preSharedKey},"sessionResumed":${hello.sessionResumed}}`
  )
}

function certificateText(certificate: Certificate | null): string {
  return certificate === null ? 'null' : `{"frame":${certificate.frame},"bytes":${certificate.bytes}}`
}

function serverKeyExchangeText(exchange: ServerKeyExchange | null): string {
  if (exchange === null) return 'null'
  return (
    `{"frame":${exchange.frame},"bytes":${exchange.bytes},"kind":"${exchange.kind}","group":${kept(exchange.group)}` +
    `,"publicBytes":${exchange.publicBytes},"primeBits":${exchange.primeBits},"primeName":${word(exchange.primeName)}}`
  )
}

function encryptionText(encryption: Encryption): string {
  const { changeCipherSpec } = encryption
  return (
    `{"begins":"${encryption.begins}","serverFrame":${encryption.serverFrame},"clientFrame":${encryption.clientFrame}` +
    `,"changeCipherSpec":{"server":${changeCipherSpec.server},"client":${changeCipherSpec.client}}` +
    `,"plaintextAfterServerHello":${encryption.plaintextAfterServerHello}` +
    `,"earlyDataFrame":${encryption.earlyDataFrame}}`
  )
}

function costText(cost: Cost): string {
  return (
    `{"clientBytes":${cost.clientBytes},"serverBytes":${cost.serverBytes},"clientSegments":${cost.clientSegments}` +
    `,"serverSegments":${cost.serverSegments},"roundTrips":${cost.roundTrips}` +
    `,"milliseconds":${cost.milliseconds},"complete":${cost.complete}` +
    `,"clientPackets":${cost.clientPackets},"serverPackets":${cost.serverPackets}` +
    `,"connectMilliseconds":${cost.connectMilliseconds}` +
    `,"synToServerHelloMilliseconds":${cost.synToServerHelloMilliseconds}` +
    `,"synToEncryptedMilliseconds":${cost.synToEncryptedMilliseconds}}`
  )
}

/** A word of ours or of a registry: nothing in it needs escaping. */
function word(text: string | null): string {
  return text === null ? 'null' : `"${text}"`
}

const PLAIN = /^[ !#-[\]-~]*$/

/** A string that may hold anything. */
function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : jsonText(text)
}

function addNotes(notes: readonly Note[]): void {
  let text = ''
  for (const { code, message, frame, severity, section } of notes) {
    text += `${text === '' ? '' : ','}{"code":"${code}","message":${quoted(message)}`
    if (frame !== undefined) text += `,"frame":${frame}`
    if (severity !== undefined) text += `,"severity":"${severity}"`
    if (section !== undefined) {
      pieces.push(text, sectionBytes(section))
      text = ''
    }
    text += '}'
  }
  if (text !== '') pieces.push(text)
}

/** By the section: there are some twenty. A paragraph sign makes a long text that it stands in slow to write. */
const sections = new Map<string, Uint8Array>()

function sectionBytes(section: string): Uint8Array {
  let bytes = sections.get(section)
  if (bytes === undefined) {
    bytes = encoder.encode(`,"section":"${section}"`)
    sections.set(section, bytes)
  }
  return bytes
}

function list(items: readonly unknown[]): string {
  return items.length === 0 ? '[]' : jsonText(items)
}

/** Text of groups, shares and suites, which are the same objects in handshake after handshake. */
const texts = new WeakMap<object, string>()

function kept(value: object | null): string {
  if (value === null) return 'null'
  let text = texts.get(value)
  if (text === undefined) {
    text = jsonText(value)
    texts.set(value, text)
  }
  return text
}
