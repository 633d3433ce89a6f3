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
import { JsonWriter, type KeptText, keptText, keptTexts } from './json-writer.js'

const json = new JsonWriter()

const NOTHING = keptText('')

/**
 * Compact JSON of a handshake: the very text of `jsonText`, field by field in the order of the record, at a fraction of
 * the time (bench/results.md). The text between the fields stands above each function. Most of the rest are the lists of
 * a ClientHello, and most hellos of a capture have the same: their bytes are made once. Valid until the next call.
 */
export function handshakeJson(record: HandshakeRecord, before = NOTHING, after = NOTHING): Uint8Array {
  json.begin()
  json.kept(before)
  addOpening(record)
  addVerdict(record.verdict)
  addNegotiated(record.negotiated)
  addHello(NAMES.clientHello, record.clientHello)
  addSeldom(NAMES.helloRetryRequest, record.helloRetryRequest)
  addHello(NAMES.secondClientHello, record.secondClientHello)
  addServerHello(record.serverHello)
  addCertificate(record.certificate)
  addServerKeyExchange(record.serverKeyExchange)
  addEncryption(record.encryption)
  addSeldom(NAMES.alerts, record.alerts)
  addCost(record.cost)
  addNotes(record.notes)
  json.kept(after)
  return json.end()
}

const NAMES = keptTexts({
  clientHello: ',"clientHello":',
  helloRetryRequest: ',"helloRetryRequest":',
  secondClientHello: ',"secondClientHello":',
  alerts: ',"alerts":',
})
const NULL = keptText('null')
const NO_ITEMS = keptText('[]')
const END = keptText('}')

/** What few handshakes have. */
function addSeldom(name: KeptText, value: object | null): void {
  json.kept(name)
  if (value === null) json.kept(NULL)
  else if (Array.isArray(value) && value.length === 0) json.kept(NO_ITEMS)
  else json.value(value)
}

const OPENING = keptTexts({
  capture: '{"type":"handshake","capture":',
  stream: ',"protocol":"tls","stream":',
  handshake: ',"handshake":',
  startTime: ',"startTime":',
  client: ',"client":{"address":',
  server: ',"server":{"address":',
  serverName: ',"serverName":',
})

function addOpening(record: HandshakeRecord): void {
  json.word(OPENING.capture, record.capture)
  json.number(OPENING.stream, record.stream)
  json.number(OPENING.handshake, record.handshake)
  json.string(OPENING.startTime, record.startTime)
  addEndpoint(OPENING.client, record.client)
  addEndpoint(OPENING.server, record.server)
  json.string(OPENING.serverName, record.serverName)
}

const PORT = keptText(',"port":')

function addEndpoint(name: KeptText, { address, port }: Endpoint): void {
  json.string(name, address)
  json.number(PORT, port)
  json.kept(END)
}

const VERDICT = keptTexts({
  outcome: ',"verdict":{"outcome":',
  label: ',"label":',
  offer: ',"offer":',
  keyShareOffer: ',"keyShareOffer":',
  reason: ',"reason":',
  explanation: ',"explanation":',
})

function addVerdict({ outcome, label, offer, keyShareOffer, reason, explanation }: Verdict): void {
  json.word(VERDICT.outcome, outcome)
  json.word(VERDICT.label, label)
  json.word(VERDICT.offer, offer)
  json.word(VERDICT.keyShareOffer, keyShareOffer)
  json.word(VERDICT.reason, reason)
  json.word(VERDICT.explanation, explanation)
  json.kept(END)
}

const NEGOTIATED = keptTexts({
  none: ',"negotiated":null',
  version: ',"negotiated":{"version":',
  cipherSuite: ',"cipherSuite":',
  group: ',"group":',
  keyExchange: ',"keyExchange":',
})

function addNegotiated(negotiated: Negotiated | null): void {
  if (negotiated === null) {
    json.kept(NEGOTIATED.none)
    return
  }
  json.word(NEGOTIATED.version, negotiated.version)
  addKept(NEGOTIATED.cipherSuite, negotiated.cipherSuite)
  addKept(NEGOTIATED.group, negotiated.group)
  json.word(NEGOTIATED.keyExchange, negotiated.keyExchange)
  json.kept(END)
}

const HELLO = keptTexts({ frame: '{"frame":', bytes: ',"bytes":', segments: ',"segments":', records: ',"records":' })

function addHello(name: KeptText, hello: Hello | null): void {
  json.kept(name)
  if (hello === null) {
    json.kept(NULL)
    return
  }
  json.number(HELLO.frame, hello.frame)
  json.number(HELLO.bytes, hello.bytes)
  json.number(HELLO.segments, hello.segments)
  json.number(HELLO.records, hello.records)
  addHelloRest(hello)
}

interface KeptHello {
  readonly hello: Hello
  readonly text: KeptText
}

/** A longer text is no program's: a hostile hello can make it a hundred times as long. In characters. */
const MAX_KEPT_TEXT = 16 * 1024
/** Texts kept in all, in bytes: those of some thousand programs. Then all are forgotten, and made anew when needed. */
const MAX_KEPT_TEXTS = 8 * 1024 * 1024
/** Hellos kept that have the same extensions and differ in something else. */
const MAX_ALIKE = 8

/** By the list of extensions, and for no longer than that is remembered. */
let keptHellos = new WeakMap<readonly number[], KeptHello[]>()
let keptBytes = 0

/** The fields of a hello that are the same whenever the same program sends it, from legacyVersion to the end. */
function addHelloRest(hello: Hello): void {
  const known = keptHellos.get(hello.extensions) ?? []
  for (const { hello: other, text } of known) {
    if (!isAlike(other, hello)) continue
    json.kept(text)
    return
  }
  const text = restText(hello)
  json.text(text)
  if (text.length <= MAX_KEPT_TEXT) keep(hello, keptText(text), known)
}

function keep(hello: Hello, text: KeptText, known: KeptHello[]): void {
  if (keptBytes + text.length > MAX_KEPT_TEXTS) {
    keptHellos = new WeakMap()
    keptBytes = 0
    known = []
  }
  if (known.length === MAX_ALIKE) known.shift()
  known.push({ hello, text })
  keptBytes += text.length
  keptHellos.set(hello.extensions, known)
}

function restText(hello: Hello): string {
  const { frame: _frame, bytes: _bytes, segments: _segments, records: _records, ...rest } = hello
  return `,${jsonText(rest).slice(1)}`
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

const SERVER_HELLO = keptTexts({
  none: ',"serverHello":null',
  frame: ',"serverHello":{"frame":',
  bytes: ',"bytes":',
  segments: ',"segments":',
  version: ',"version":',
  cipherSuite: ',"cipherSuite":',
  keyShare: ',"keyShare":',
  preSharedKey: ',"preSharedKey":',
  sessionResumed: ',"sessionResumed":',
})

function addServerHello(hello: ServerHello | null): void {
  if (hello === null) {
    json.kept(SERVER_HELLO.none)
    return
  }
  json.number(SERVER_HELLO.frame, hello.frame)
  json.number(SERVER_HELLO.bytes, hello.bytes)
  json.number(SERVER_HELLO.segments, hello.segments)
  json.word(SERVER_HELLO.version, hello.version)
  addKept(SERVER_HELLO.cipherSuite, hello.cipherSuite)
  addKept(SERVER_HELLO.keyShare, hello.keyShare)
  json.boolean(SERVER_HELLO.preSharedKey, hello.preSharedKey)
  json.boolean(SERVER_HELLO.sessionResumed, hello.sessionResumed)
  json.kept(END)
}

const CERTIFICATE = keptTexts({ none: ',"certificate":null', frame: ',"certificate":{"frame":', bytes: ',"bytes":' })

function addCertificate(certificate: Certificate | null): void {
  if (certificate === null) {
    json.kept(CERTIFICATE.none)
    return
  }
  json.number(CERTIFICATE.frame, certificate.frame)
  json.number(CERTIFICATE.bytes, certificate.bytes)
  json.kept(END)
}

const SERVER_KEY_EXCHANGE = keptTexts({
  none: ',"serverKeyExchange":null',
  frame: ',"serverKeyExchange":{"frame":',
  bytes: ',"bytes":',
  kind: ',"kind":',
  group: ',"group":',
  publicBytes: ',"publicBytes":',
  primeBits: ',"primeBits":',
  primeName: ',"primeName":',
})

function addServerKeyExchange(exchange: ServerKeyExchange | null): void {
  if (exchange === null) {
    json.kept(SERVER_KEY_EXCHANGE.none)
    return
  }
  json.number(SERVER_KEY_EXCHANGE.frame, exchange.frame)
  json.number(SERVER_KEY_EXCHANGE.bytes, exchange.bytes)
  json.word(SERVER_KEY_EXCHANGE.kind, exchange.kind)
  addKept(SERVER_KEY_EXCHANGE.group, exchange.group)
  json.number(SERVER_KEY_EXCHANGE.publicBytes, exchange.publicBytes)
  json.number(SERVER_KEY_EXCHANGE.primeBits, exchange.primeBits)
  json.word(SERVER_KEY_EXCHANGE.primeName, exchange.primeName)
  json.kept(END)
}

const ENCRYPTION = keptTexts({
  begins: ',"encryption":{"begins":',
  serverFrame: ',"serverFrame":',
  clientFrame: ',"clientFrame":',
  changedByServer: ',"changeCipherSpec":{"server":',
  changedByClient: ',"client":',
  plaintextAfterServerHello: '},"plaintextAfterServerHello":',
  earlyDataFrame: ',"earlyDataFrame":',
})

function addEncryption(encryption: Encryption): void {
  json.word(ENCRYPTION.begins, encryption.begins)
  json.number(ENCRYPTION.serverFrame, encryption.serverFrame)
  json.number(ENCRYPTION.clientFrame, encryption.clientFrame)
  json.number(ENCRYPTION.changedByServer, encryption.changeCipherSpec.server)
  json.number(ENCRYPTION.changedByClient, encryption.changeCipherSpec.client)
  json.number(ENCRYPTION.plaintextAfterServerHello, encryption.plaintextAfterServerHello)
  json.number(ENCRYPTION.earlyDataFrame, encryption.earlyDataFrame)
  json.kept(END)
}

const COST = keptTexts({
  clientBytes: ',"cost":{"clientBytes":',
  serverBytes: ',"serverBytes":',
  clientSegments: ',"clientSegments":',
  serverSegments: ',"serverSegments":',
  roundTrips: ',"roundTrips":',
  milliseconds: ',"milliseconds":',
  complete: ',"complete":',
  clientPackets: ',"clientPackets":',
  serverPackets: ',"serverPackets":',
  connectMilliseconds: ',"connectMilliseconds":',
  synToServerHelloMilliseconds: ',"synToServerHelloMilliseconds":',
  synToEncryptedMilliseconds: ',"synToEncryptedMilliseconds":',
})

function addCost(cost: Cost): void {
  json.number(COST.clientBytes, cost.clientBytes)
  json.number(COST.serverBytes, cost.serverBytes)
  json.number(COST.clientSegments, cost.clientSegments)
  json.number(COST.serverSegments, cost.serverSegments)
  json.number(COST.roundTrips, cost.roundTrips)
  json.number(COST.milliseconds, cost.milliseconds)
  json.boolean(COST.complete, cost.complete)
  json.number(COST.clientPackets, cost.clientPackets)
  json.number(COST.serverPackets, cost.serverPackets)
  json.number(COST.connectMilliseconds, cost.connectMilliseconds)
  json.number(COST.synToServerHelloMilliseconds, cost.synToServerHelloMilliseconds)
  json.number(COST.synToEncryptedMilliseconds, cost.synToEncryptedMilliseconds)
  json.kept(END)
}

const NOTES = keptTexts({
  begin: ',"notes":[',
  code: '{"code":',
  nextCode: ',{"code":',
  message: ',"message":',
  frame: ',"frame":',
  severity: ',"severity":',
  section: ',"section":',
  end: ']}',
})

function addNotes(notes: readonly Note[]): void {
  json.kept(NOTES.begin)
  let name = NOTES.code
  for (const { code, message, frame, severity, section } of notes) {
    json.word(name, code)
    json.word(NOTES.message, message)
    if (frame !== undefined) json.number(NOTES.frame, frame)
    if (severity !== undefined) json.word(NOTES.severity, severity)
    if (section !== undefined) json.word(NOTES.section, section)
    json.kept(END)
    name = NOTES.nextCode
  }
  json.kept(NOTES.end)
}

/** Text of groups, shares and suites, which are the same objects in handshake after handshake. */
const texts = new WeakMap<object, KeptText>()

function addKept(name: KeptText, value: object | null): void {
  json.kept(name)
  if (value === null) {
    json.kept(NULL)
    return
  }
  let text = texts.get(value)
  if (text === undefined) {
    text = keptText(jsonText(value))
    texts.set(value, text)
  }
  json.kept(text)
}
