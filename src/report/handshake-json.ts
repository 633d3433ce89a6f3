import type {
  CipherSuite,
  Endpoint,
  Group,
  HandshakeRecord,
  Hello,
  KeyShare,
  Negotiated,
  ServerHello,
  ServerKeyExchange,
} from '../verdict/record.js'
import { JsonBytes, jsonBytes } from './json-bytes.js'

const out = new JsonBytes()

/**
 * Compact JSON of a handshake as UTF-8: the very text of `jsonText`, field by field in the order of the record, at a
 * fraction of the time (bench/results.md). Groups, suites and the lists of a hello are the same objects in handshake
 * after handshake, so their bytes are made once and kept with them. Valid until the next call.
 */
export function handshakeJsonBytes(record: HandshakeRecord, before = '', after = ''): Uint8Array {
  out.clear()
  out.ascii(before)
  out.ascii('{"type":"handshake","capture":')
  out.string(record.capture)
  out.ascii(',"protocol":"tls","stream":')
  out.number(record.stream)
  out.ascii(',"handshake":')
  out.number(record.handshake)
  out.ascii(',"startTime":')
  out.word(record.startTime)
  addEndpoint(',"client":', record.client)
  addEndpoint(',"server":', record.server)
  out.ascii(',"serverName":')
  if (record.serverName === null) out.ascii('null')
  else out.string(record.serverName)
  addVerdict(record)
  addNegotiated(record.negotiated)
  addHello(',"clientHello":', record.clientHello)
  out.ascii(',"helloRetryRequest":')
  if (record.helloRetryRequest === null) out.ascii('null')
  else out.raw(jsonBytes(record.helloRetryRequest))
  addHello(',"secondClientHello":', record.secondClientHello)
  addServerHello(record.serverHello)
  addServerKeyExchange(record.serverKeyExchange)
  addEncryption(record)
  addList(',"alerts":', record.alerts)
  addCost(record)
  addList(',"notes":', record.notes)
  out.ascii('}')
  out.ascii(after)
  return out.view()
}

function addEndpoint(name: string, { address, port }: Endpoint): void {
  out.ascii(name)
  out.ascii('{"address":')
  out.word(address)
  out.ascii(',"port":')
  out.number(port)
  out.ascii('}')
}

function addVerdict({ verdict }: HandshakeRecord): void {
  out.ascii(',"verdict":{"outcome":')
  out.word(verdict.outcome)
  out.ascii(',"label":')
  out.word(verdict.label)
  out.ascii(',"offer":')
  out.word(verdict.offer)
  out.ascii(',"keyShareOffer":')
  out.word(verdict.keyShareOffer)
  out.ascii(',"reason":')
  out.word(verdict.reason)
  out.ascii(',"explanation":')
  out.string(verdict.explanation)
  out.ascii('}')
}

function addNegotiated(negotiated: Negotiated | null): void {
  out.ascii(',"negotiated":')
  if (negotiated === null) {
    out.ascii('null')
    return
  }
  out.ascii('{"version":')
  out.word(negotiated.version)
  addKept(KEPT.cipherSuite, negotiated.cipherSuite)
  addKept(KEPT.group, negotiated.group)
  out.ascii(',"keyExchange":')
  out.word(negotiated.keyExchange)
  out.ascii('}')
}

function addHello(name: string, hello: Hello | null): void {
  out.ascii(name)
  if (hello === null) {
    out.ascii('null')
    return
  }
  out.ascii('{"frame":')
  out.number(hello.frame)
  out.ascii(',"bytes":')
  out.number(hello.bytes)
  out.ascii(',"segments":')
  out.number(hello.segments)
  out.ascii(',"records":')
  out.number(hello.records)
  out.ascii(',"legacyVersion":')
  out.word(hello.legacyVersion)
  addKept(KEPT.supportedVersions, hello.supportedVersions)
  addKept(KEPT.cipherSuites, hello.cipherSuites)
  addKept(KEPT.supportedGroups, hello.supportedGroups)
  addKept(KEPT.keyShares, hello.keyShares)
  addKept(KEPT.signatureSchemes, hello.signatureSchemes)
  addKept(KEPT.alpn, hello.alpn)
  addKept(KEPT.pskModes, hello.pskModes)
  out.ascii(',"preSharedKey":')
  out.boolean(hello.preSharedKey)
  out.ascii(',"earlyData":')
  out.boolean(hello.earlyData)
  out.ascii(',"encryptedClientHello":')
  out.boolean(hello.encryptedClientHello)
  addKept(KEPT.extensions, hello.extensions)
  out.ascii('}')
}

function addServerHello(hello: ServerHello | null): void {
  out.ascii(',"serverHello":')
  if (hello === null) {
    out.ascii('null')
    return
  }
  out.ascii('{"frame":')
  out.number(hello.frame)
  out.ascii(',"bytes":')
  out.number(hello.bytes)
  out.ascii(',"segments":')
  out.number(hello.segments)
  out.ascii(',"version":')
  out.word(hello.version)
  addKept(KEPT.cipherSuite, hello.cipherSuite)
  addKept(KEPT.keyShare, hello.keyShare)
  out.ascii(',"preSharedKey":')
  out.boolean(hello.preSharedKey)
  out.ascii(',"sessionResumed":')
  out.boolean(hello.sessionResumed)
  out.ascii('}')
}

function addServerKeyExchange(exchange: ServerKeyExchange | null): void {
  out.ascii(',"serverKeyExchange":')
  if (exchange === null) {
    out.ascii('null')
    return
  }
  out.ascii('{"frame":')
  out.number(exchange.frame)
  out.ascii(',"bytes":')
  out.number(exchange.bytes)
  out.ascii(',"kind":')
  out.word(exchange.kind)
  addKept(KEPT.group, exchange.group)
  out.ascii(',"publicBytes":')
  out.number(exchange.publicBytes)
  out.ascii(',"primeBits":')
  out.number(exchange.primeBits)
  out.ascii(',"primeName":')
  out.word(exchange.primeName)
  out.ascii('}')
}

function addEncryption({ encryption }: HandshakeRecord): void {
  out.ascii(',"encryption":{"begins":')
  out.word(encryption.begins)
  out.ascii(',"serverFrame":')
  out.number(encryption.serverFrame)
  out.ascii(',"clientFrame":')
  out.number(encryption.clientFrame)
  out.ascii(',"changeCipherSpec":{"server":')
  out.number(encryption.changeCipherSpec.server)
  out.ascii(',"client":')
  out.number(encryption.changeCipherSpec.client)
  out.ascii('},"plaintextAfterServerHello":')
  out.number(encryption.plaintextAfterServerHello)
  out.ascii(',"earlyDataFrame":')
  out.number(encryption.earlyDataFrame)
  out.ascii('}')
}

function addCost({ cost }: HandshakeRecord): void {
  out.ascii(',"cost":{"clientBytes":')
  out.number(cost.clientBytes)
  out.ascii(',"serverBytes":')
  out.number(cost.serverBytes)
  out.ascii(',"clientSegments":')
  out.number(cost.clientSegments)
  out.ascii(',"serverSegments":')
  out.number(cost.serverSegments)
  out.ascii(',"roundTrips":')
  out.number(cost.roundTrips)
  out.ascii(',"milliseconds":')
  out.number(cost.milliseconds)
  out.ascii(',"complete":')
  out.boolean(cost.complete)
  out.ascii('}')
}

function addList(name: string, items: readonly unknown[]): void {
  out.ascii(name)
  if (items.length === 0) out.ascii('[]')
  else out.raw(jsonBytes(items))
}

type KeptValue = Group | KeyShare | CipherSuite | readonly unknown[]

/** A field whose value comes again in other handshakes, with the bytes of name and value for each. */
class KeptField {
  /** They go when the value does, so that they take no more memory than what the earlier stages remember. */
  readonly bytes = new WeakMap<KeptValue, Uint8Array>()
  /** Name and colon, with a comma in front. */
  readonly before: string

  constructor(name: string) {
    this.before = `,"${name}":`
  }
}

const KEPT = {
  supportedVersions: new KeptField('supportedVersions'),
  cipherSuites: new KeptField('cipherSuites'),
  supportedGroups: new KeptField('supportedGroups'),
  keyShares: new KeptField('keyShares'),
  signatureSchemes: new KeptField('signatureSchemes'),
  alpn: new KeptField('alpn'),
  pskModes: new KeptField('pskModes'),
  extensions: new KeptField('extensions'),
  cipherSuite: new KeptField('cipherSuite'),
  keyShare: new KeptField('keyShare'),
  group: new KeptField('group'),
}

function addKept(field: KeptField, value: KeptValue | null): void {
  if (value === null) {
    out.ascii(field.before)
    out.ascii('null')
    return
  }
  let bytes = field.bytes.get(value)
  if (bytes === undefined) {
    bytes = jsonBytes(value, field.before)
    field.bytes.set(value, bytes)
  }
  out.raw(bytes)
}
