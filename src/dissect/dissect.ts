import { cutPieces, type PlacedPiece } from '../bytes/pieces.js'
import type { Moment } from '../bytes/time.js'
import { cipherSuiteKeyExchange, encrypts } from '../registry/cipher-suites.js'
import { contentTypeName, handshakeTypeName, handshakeTypeWords } from '../registry/message-types.js'
import type { Role } from '../registry/types.js'
import { isTls13, TLS_1_3 } from '../registry/versions.js'
import {
  ALERT,
  APPLICATION_DATA,
  CERTIFICATE,
  CHANGE_CIPHER_SPEC,
  CLIENT_HELLO,
  CLIENT_KEY_EXCHANGE,
  HANDSHAKE,
  HANDSHAKE_HEADER_LENGTH,
  HELLO_RETRY_REQUEST,
  RANDOM_LENGTH,
  RECORD_HEADER_LENGTH,
  SERVER_HELLO,
} from '../tls/content-types.js'
import { isRetryRandom } from '../tls/retry-random.js'
import { readSslv2ClientHello } from './hello.js'
import { alertFields, changeCipherSpecFields, type Fields, handshakeFields, recordFields } from './message-tree.js'
import { MessageJoiner, type RawMessage } from './messages.js'
import type { OutsideBytes } from './outside.js'
import type { Recording } from './recording.js'
import { type RawRecord, SSLV2, splitRecords } from './records.js'
import type { Agreed } from './tls12-messages.js'
import { type FieldNode, type TreeProblem, TreeReader } from './tree.js'

/** A TLS record as it is on the wire, with the fields of its header. */
export interface DissectedRecord {
  readonly from: Role
  /** The frame that completes it. */
  readonly frame: number
  readonly time: Moment
  /** ContentType; null for an SSLv2 record. */
  readonly contentType: number | null
  /** `handshake`, `application_data`, ..., or `SSLv2`. */
  readonly name: string
  /** Bytes with the header, as the header says. */
  readonly length: number
  readonly protection: 'clear' | 'encrypted'
  /** Sent under the keys that were agreed on; `protection` is `clear` all the same if the cipher suite does not encrypt. */
  readonly isProtected: boolean
  /** Application data that the client sent without waiting for a ServerHello (RFC 9846 §2.3). */
  readonly earlyData: boolean
  /** All of it is in the capture. */
  readonly complete: boolean
  readonly fields: readonly FieldNode[]
  /** When its last byte became readable: a number to compare with that of other records and of `outside`. */
  readonly place: number
  /** The bytes that the fields were read from: at most 5. */
  readonly header: Uint8Array
  readonly pieces: readonly PlacedPiece[]
  /** Indexes in `messages` of those that it carries whole or in part. */
  readonly messages: number[]
}

/** A message in the clear: of a handshake, an alert, or a ChangeCipherSpec. */
export interface DissectedMessage {
  /** `ClientHello`, `HelloRetryRequest`, `Alert`, `ChangeCipherSpec`, ... */
  readonly name: string
  /** As Wireshark names it: `Client Hello`. */
  readonly words: string
  /** HandshakeType; null for what is no handshake message. */
  readonly type: number | null
  readonly from: Role
  /** The frame that completes it, where Wireshark shows it. */
  readonly frame: number
  /** All frames that hold bytes of it, in order. */
  readonly frames: readonly number[]
  readonly time: Moment
  /** The message with its header, as far as the capture holds it. */
  readonly bytes: Uint8Array
  /** Its length with the header, as the header says; null where that is cut. */
  readonly length: number | null
  readonly complete: boolean
  readonly problem: TreeProblem | null
  readonly fields: readonly FieldNode[]
  readonly pieces: readonly PlacedPiece[]
  /** Indexes in `records` of those that carry it. */
  readonly records: readonly number[]
  /** A Wireshark display filter that shows it. */
  readonly filter: string
}

/** What both sides of a connection sent over TLS, in the order in which it became readable. */
export interface Dissection {
  readonly records: readonly DissectedRecord[]
  readonly messages: readonly DissectedMessage[]
  /** Bytes that are in no record. */
  readonly outside: readonly OutsideBytes[]
  /** How many messages were left out, as there are more than 64 of one name. */
  readonly leftOut: number
}

/** Messages of one name that are kept. A handshake has one or two; a peer that sends thousands of alerts is playing. */
export const MAX_ALIKE = 64

/** Takes a recording apart: records, messages, and the fields of those that are not encrypted. */
export function dissect(recording: Recording): Dissection {
  const dissector = new Dissector()
  const { records, outside } = splitRecords(recording)
  for (const record of records) dissector.add(record)
  return { ...dissector.finish(), outside }
}

/** What is known of a direction. */
interface SideState {
  joiner: MessageJoiner
  sawChangeCipherSpec: boolean
  /** Its ChangeCipherSpec has passed, in TLS 1.2 or older. */
  encrypted: boolean
}

class Dissector {
  private readonly records: DissectedRecord[] = []
  private readonly messages: DissectedMessage[] = []
  private readonly indexes = new Map<RawRecord, number>()
  private sides = freshSides()
  private version: number | null = null
  /** A message of either side that only TLS 1.2 and older send in the clear. */
  private sawTls12Message = false
  private agreed: Agreed = NOTHING_AGREED
  /** The cipher suite encrypts, or is not known. */
  private encrypts = true
  private readonly counts = new Map<string, number>()
  private leftOut = 0

  add(raw: RawRecord): void {
    const side = this.sides[raw.from]
    if (raw.begins && side.encrypted) this.startAnother()
    if (raw.isBehindLoss) this.giveUp(raw.from)
    const isProtected = this.isProtected(raw)
    const index = this.records.push(this.recordOf(raw, isProtected)) - 1
    this.indexes.set(raw, index)
    if (raw.type === SSLV2) this.addSslv2(raw)
    else if (raw.type === CHANGE_CIPHER_SPEC) this.changeCipherSpec(raw)
    else if (isProtected) return
    else if (raw.type === ALERT) this.alert(raw)
    else if (raw.type === HANDSHAKE) this.handshakeRecord(raw)
  }

  finish(): Omit<Dissection, 'outside'> {
    for (const from of ['client', 'server'] as const) this.giveUp(from)
    return { records: this.records, messages: this.messages, leftOut: this.leftOut }
  }

  private handshakeRecord(raw: RawRecord): void {
    for (const message of this.sides[raw.from].joiner.feed(raw)) this.handshake(message)
    // Behind a record that breaks off nothing goes on.
    if (raw.filled < raw.bytes.length) this.giveUp(raw.from)
  }

  /** What is there of a message that will not be whole. */
  private giveUp(from: Role): void {
    const unfinished = this.sides[from].joiner.finish()
    this.sides[from].joiner = new MessageJoiner()
    if (unfinished !== null) this.handshake(unfinished)
  }

  private isProtected(raw: RawRecord): boolean {
    const { from, type, bytes } = raw
    if (type === APPLICATION_DATA) return true
    if (type === CHANGE_CIPHER_SPEC || type === SSLV2) return false
    // An alert in the clear has two bytes (RFC 9846 §6).
    if (type === ALERT && bytes.length !== RECORD_HEADER_LENGTH + 2) return true
    const side = this.sides[from]
    // Whichever version a missing ServerHello named: in the clear only a hello stands behind a ChangeCipherSpec.
    if (type === HANDSHAKE && this.version === null && side.sawChangeCipherSpec && !side.joiner.isWithin)
      side.encrypted ||= !mayBeHello(raw)
    return side.encrypted
  }

  private recordOf(raw: RawRecord, isProtected: boolean): DissectedRecord {
    const { from, frame, time, type, bytes, filled, holes, place, pieces } = raw
    const header = bytes.slice(0, type === SSLV2 ? 0 : Math.min(filled, RECORD_HEADER_LENGTH))
    return {
      from,
      frame,
      time,
      contentType: type === SSLV2 ? null : type,
      name: type === SSLV2 ? 'SSLv2' : contentTypeName(type),
      length: bytes.length,
      protection: isProtected && this.encrypts ? 'encrypted' : 'clear',
      isProtected,
      earlyData: type === APPLICATION_DATA && from === 'client' && this.awaitsServerHello(),
      complete: filled === bytes.length && holes.length === 0,
      fields: recordFields(header).fields,
      place,
      header,
      pieces,
      messages: [],
    }
  }

  /** A ClientHello was the last hello, or a HelloRetryRequest. */
  private awaitsServerHello(): boolean {
    const last = this.messages.findLast(({ type }) => type === CLIENT_HELLO || type === SERVER_HELLO)
    return last !== undefined && last.name !== 'ServerHello'
  }

  private addSslv2(raw: RawRecord): void {
    const bytes = present(raw)
    const reader = new TreeReader(bytes)
    readSslv2ClientHello(reader)
    const tree = { fields: reader.nodes, problem: reader.problem }
    const words = { name: 'ClientHello', words: 'Client Hello', type: CLIENT_HELLO }
    const pieces = cutPieces(raw.pieces, 0, bytes.length)
    const whole = { bytes, statedLength: raw.bytes.length, pieces, records: [raw], frame: raw.frame }
    this.addMessage(whole, words, tree)
  }

  private changeCipherSpec(raw: RawRecord): void {
    const bytes = present(raw).slice(RECORD_HEADER_LENGTH)
    const words = { name: 'ChangeCipherSpec', words: 'Change Cipher Spec', type: null }
    this.addRecordMessage(raw, words, bytes, changeCipherSpecFields(bytes))
    const side = this.sides[raw.from]
    // In TLS 1.3 it means nothing (RFC 9846 §5); before, what follows it is encrypted.
    if (this.version === null ? this.sawTls12Message : !isTls13(this.version)) side.encrypted = true
    side.sawChangeCipherSpec = true
  }

  private alert(raw: RawRecord): void {
    const bytes = present(raw).slice(RECORD_HEADER_LENGTH)
    this.addRecordMessage(raw, { name: 'Alert', words: 'Alert', type: null }, bytes, alertFields(bytes))
  }

  private handshake(raw: RawMessage): void {
    const { type, bytes, statedLength } = raw
    const retry = isRetry(type, bytes)
    const tree = handshakeFields(bytes, retry, this.agreed)
    const words = retry
      ? { name: 'HelloRetryRequest', words: 'Hello Retry Request', type }
      : { name: handshakeTypeName(type), words: handshakeTypeWords(type), type }
    if (type === SERVER_HELLO && !retry) this.agree(tree, bytes.length === statedLength)
    // Whatever it names, no other version has one.
    if (retry || type === HELLO_RETRY_REQUEST) this.version ??= TLS_1_3
    // Certificate to ClientKeyExchange: only TLS 1.2 and older send them in the clear.
    if (type >= CERTIFICATE && type <= CLIENT_KEY_EXCHANGE) this.sawTls12Message = true
    this.addMessage(raw, words, tree)
  }

  private agree({ fields }: Fields, complete: boolean): void {
    const suite = numberOf(fields, 'tls.handshake.ciphersuite')
    const selected = numberOf(fields, 'tls.handshake.extensions.supported_version')
    const version = selected ?? numberOf(fields, 'tls.handshake.version')
    // Without its last extension a ServerHello does not tell TLS 1.3 from TLS 1.2 (RFC 9846 §4.3.1).
    if (version === null || (selected === null && !complete)) return
    this.version = version
    this.agreed = { version, exchange: suite === null ? null : cipherSuiteKeyExchange(suite) }
    this.encrypts = suite === null || encrypts(suite)
  }

  private addRecordMessage(raw: RawRecord, words: Words, bytes: Uint8Array, tree: Fields): void {
    const statedLength = raw.bytes.length - RECORD_HEADER_LENGTH
    const pieces = cutPieces(raw.pieces, RECORD_HEADER_LENGTH, bytes.length, 0)
    this.addMessage({ bytes, statedLength, pieces, records: [raw], frame: raw.frame }, words, tree)
  }

  private addMessage(
    { bytes, statedLength: length, pieces, records: raws, frame }: Omit<RawMessage, 'type'>,
    words: Words,
    { fields, problem }: Fields,
  ): void {
    const count = (this.counts.get(words.name) ?? 0) + 1
    this.counts.set(words.name, count)
    if (count > MAX_ALIKE) {
      this.leftOut++
      return
    }
    const records = raws.map((raw) => this.indexes.get(raw) as number)
    const { from, time } = raws[0] as RawRecord
    const frames = [...new Set([...pieces.map((piece) => piece.frame), frame])].sort((a, b) => a - b)
    const complete = length === bytes.length
    // Wireshark takes no message apart that is cut, so that no field of it could be asked for.
    const filter = complete ? `frame.number == ${frame} && ${filterOf(words)}` : `frame.number == ${frame}`
    const index = this.messages.push({
      ...words,
      from,
      frame,
      frames,
      time,
      bytes,
      length,
      complete,
      problem,
      fields,
      pieces,
      records,
      filter,
    })
    for (const record of records) this.records[record]?.messages.push(index - 1)
  }

  /** A new handshake begins in the clear, in the same connection. */
  private startAnother(): void {
    this.sides = freshSides()
    this.sawTls12Message = false
    this.version = null
    this.agreed = NOTHING_AGREED
    this.encrypts = true
  }
}

type Words = Pick<DissectedMessage, 'name' | 'words' | 'type'>

const NOTHING_AGREED: Agreed = { version: null, exchange: null }

function freshSides(): Record<Role, SideState> {
  const side = (): SideState => ({ joiner: new MessageJoiner(), sawChangeCipherSpec: false, encrypted: false })
  return { client: side(), server: side() }
}

/** What is there of a record up to its first hole. */
function present({ bytes, filled, holes }: RawRecord): Uint8Array {
  return bytes.slice(0, holes[0]?.start ?? filled)
}

/** The first byte of a version that a hello names: 3, and 0x7f in drafts of TLS 1.3. */
const HELLO_VERSIONS = [0x03, 0x7f]

/**
 * Whether a handshake record begins as a hello does, with its type, a length below 2^16 and a version; what is encrypted
 * does so once in a million. Where the record breaks off before, it may.
 */
function mayBeHello({ bytes, filled, holes }: RawRecord): boolean {
  const at = RECORD_HEADER_LENGTH
  const end = holes[0]?.start ?? filled
  const type = bytes[at] as number
  return (
    (end <= at || type === CLIENT_HELLO || type === SERVER_HELLO || type === HELLO_RETRY_REQUEST) &&
    (end <= at + 1 || bytes[at + 1] === 0) &&
    (end <= at + HANDSHAKE_HEADER_LENGTH || HELLO_VERSIONS.includes(bytes[at + HANDSHAKE_HEADER_LENGTH] as number))
  )
}

/** RFC 9846 §4.2.3: behind header and version. */
function isRetry(type: number, bytes: Uint8Array): boolean {
  const at = HANDSHAKE_HEADER_LENGTH + 2
  return type === SERVER_HELLO && bytes.length >= at + RANDOM_LENGTH && isRetryRandom(bytes, at)
}

function filterOf({ name, type }: Words): string {
  if (type !== null) return `tls.handshake.type == ${type}`
  return name === 'Alert' ? 'tls.alert_message' : 'tls.change_cipher_spec'
}

/** The first number that stands in a field of this name, at any depth. */
function numberOf(fields: readonly FieldNode[], name: string): number | null {
  for (const { field, value, children } of fields) {
    if (field === name && typeof value === 'number') return value
    const inside = numberOf(children, name)
    if (inside !== null) return inside
  }
  return null
}
