import { isEarlier, latest, type Moment, momentOf } from '../bytes/time.js'
import { FATAL } from '../registry/alerts.js'
import { cipherSuiteKeyExchange } from '../registry/cipher-suites.js'
import { type Direction, opposite } from '../registry/direction.js'
import type { Role } from '../registry/types.js'
import { isTls13 } from '../registry/versions.js'
import type {
  Chunk,
  MissingReason,
  SessionState,
  StreamFacts,
  StreamIdentity,
  StreamSession,
  StreamView,
} from '../stream/chunk.js'
import { Account } from './account.js'
import { acknowledges } from './acknowledged.js'
import { readClientHello } from './client-hello.js'
import {
  CERTIFICATE,
  CHANGE_CIPHER_SPEC,
  CLIENT_HELLO,
  CLIENT_KEY_EXCHANGE,
  HANDSHAKE,
  HELLO_RETRY_REQUEST,
  isTls12ServerMessage,
  RECORD_HEADER_LENGTH,
  SERVER_HELLO,
  SERVER_KEY_EXCHANGE,
} from './content-types.js'
import { MAX_MESSAGE_LENGTH, type MessageProgress } from './deframer.js'
import { HandshakeDraft } from './draft.js'
import { EarlyAlerts, MAX_ALERTS } from './early-alerts.js'
import {
  changeCipherSpecEnds,
  encryptedRecordStarts,
  firstEncryptedRecordEnds,
  isEarlyData,
  isEncryptedRecord,
  isFinishedOfResumption,
} from './encryption-start.js'
import type { ClientHello, Handshake, MessagePlace, ServerHello } from './handshake.js'
import { readCutHello, weightOf } from './hello.js'
import { readServerHello } from './server-hello.js'
import { readServerKeyExchange } from './server-key-exchange.js'
import { Side, type SideOwner } from './side.js'
import { SSLV2_RECORD_HEADER_LENGTH } from './sslv2-hello.js'

/** A message must show its type and the high byte of a version before a part of it is taken for a cut hello. */
const MIN_CERTAIN_LENGTH = 6

/** Takes each handshake once it is decided. */
export type HandshakeSink = (handshake: Handshake) => void

/**
 * Follows the handshakes of one connection until each is decided: until the first encrypted record of both sides has
 * passed, or it failed, or the stream ended.
 */
export class TlsSession implements StreamSession, SideOwner {
  state: SessionState = 'open'
  handshakes: number
  private readonly identity: StreamIdentity
  private readonly stream: StreamView
  private readonly sink: HandshakeSink
  private readonly sides: readonly [Side, Side]
  private draft: HandshakeDraft
  /** Most sessions have none. */
  private earlyAlerts: EarlyAlerts | null = null
  /** Bytes that the lists of the hellos take, where they are longer than any client's. */
  private helloWeight = 0
  private account: Account

  constructor(identity: StreamIdentity, stream: StreamView, sink: HandshakeSink) {
    this.identity = identity
    this.stream = stream
    this.sink = sink
    this.draft = new HandshakeDraft(identity, identity.earlierHandshakes)
    this.account = new Account(this.draft)
    this.handshakes = identity.earlierHandshakes
    this.sides = [new Side(this, 0), new Side(this, 1)]
  }

  get bufferedBytes(): number {
    return this.sides[0].bufferedBytes + this.sides[1].bufferedBytes + this.helloWeight
  }

  segment(direction: Direction): void {
    const side = this.sides[direction]
    if (this.account.state !== 'closed') side.segments++
    else if (this.isServer(side)) this.account.serverSegment()
    if (this.bothEncrypted && this.account.lateSegment() && this.state === 'open') this.decide(null)
  }

  emptyPacket(direction: Direction): void {
    if (this.account.state !== 'closed') this.sides[direction].emptyPackets++
  }

  data(direction: Direction, chunk: Chunk): void {
    const side = this.sides[direction]
    if (this.isServer(side)) this.account.serverBytes(chunk.end - chunk.start)
    side.read(chunk)
    if (this.state !== 'open') return
    if (side.deframer.lost && !this.draft.isCertain) this.refute()
    else if (this.bothEncrypted && this.account.isPaid) this.decide(null)
  }

  missing(direction: Direction, length: number, reason: MissingReason, frame: number): void {
    const code = reason === 'limit' ? 'gap-limit' : reason
    const side = this.sides[direction]
    if (this.draft.clientDirection !== null) this.draft.addIncident(code, this.roleOf(direction), frame, length)
    else side.missBeforeRole(code, frame, length)
    side.missing(length, frame)
    if (!this.isServer(side)) return
    this.account.serverMissing(length)
    this.draft.lacksBehindServerHello ||= this.draft.serverHello !== null
  }

  conflict(direction: Direction, frame: number): void {
    if (this.draft.clientDirection !== null) this.draft.addIncident('overlap-conflict', this.roleOf(direction), frame)
  }

  end(facts: StreamFacts): void {
    if (this.state !== 'open') return
    for (const side of this.sides) side.reportUnfinished()
    // An alert that was kept for a hello which turns out to be cut has decided it.
    if (this.state === 'open' && this.draft.isCertain) this.decide(facts)
    this.state = 'finished'
  }

  private get bothEncrypted(): boolean {
    return this.sides[0].encryptedRecordEnded && this.sides[1].encryptedRecordEnded
  }

  // What the sides find, in the order in which it stands on the wire.

  recordStarts(side: Side, type: number, length: number, chunk: Chunk, at: number): void {
    const { draft } = this
    if (this.state !== 'open' || draft.clientDirection === null) return
    const role = this.roleOf(side.direction)
    if (role === 'client' && isFinishedOfResumption(draft, side, type, chunk, at)) side.deframer.encrypted = true
    if (isEncryptedRecord(side, type)) encryptedRecordStarts(draft, side, role, type, chunk.frame)
    else if (type === HANDSHAKE && length > 0 && role === 'server' && draft.serverHello !== null) {
      draft.clearRecordsAfterServerHello++
      draft.noteClear()
    }
  }

  recordEnds(side: Side, type: number, chunk: Chunk, end: number): void {
    const { draft } = this
    if (draft.clientDirection === null && type === CHANGE_CIPHER_SPEC && side.deframer.unfinished === null)
      side.changeCipherSpecBeforeRole ??= chunk.frame
    if (this.state !== 'open' || draft.clientDirection === null) return
    const role = this.roleOf(side.direction)
    if (type === CHANGE_CIPHER_SPEC) changeCipherSpecEnds(draft, side, role, chunk.frame)
    if (!side.inFirstEncryptedRecord) return
    const ended = firstEncryptedRecordEnds(draft, side, role, chunk.frame)
    if (ended === 'early-data') this.closeAccount('early', chunk, end)
    else if (role === 'client') this.closeAccount('closed', chunk, end)
  }

  message(
    side: Side,
    type: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    progress: MessageProgress,
    frame: number,
  ): void {
    const place = { frame, bytes: progress.length, segments: progress.segments, records: progress.records }
    const { draft } = this
    switch (type) {
      case CLIENT_HELLO:
        this.clientHello(side, readClientHello(bytes, start, end, place), momentOf(progress), RECORD_HEADER_LENGTH)
        return
      case SERVER_HELLO:
      case HELLO_RETRY_REQUEST:
        this.serverHello(side, type, bytes, start, end, place, momentOf(progress))
        return
      case SERVER_KEY_EXCHANGE:
        if (draft.serverHello !== null && draft.serverKeyExchange === null && this.isServer(side)) {
          const exchange = cipherSuiteKeyExchange(draft.serverHello.cipherSuite)
          draft.serverKeyExchange = readServerKeyExchange(exchange, bytes, start, end, place)
        }
        break
      case CERTIFICATE:
        if (draft.serverHello !== null && !isTls13(draft.serverHello.version) && this.isServer(side))
          draft.certificate ??= place
        break
      default:
    }
    if (this.isServer(side) ? isTls12ServerMessage(type) : type === CLIENT_KEY_EXCHANGE) {
      draft.fullHandshake = true
      if (draft.serverHello === null) draft.serverWentOnFrame ??= frame
    }
    if (isTls12ServerMessage(type) || type === CLIENT_KEY_EXCHANGE) side.sawTls12Message = true
    // A message behind the ServerHello in one record is as clear as one in a record of its own.
    if (this.isServer(side)) draft.noteClear()
    if (!draft.isCertain) this.refute()
  }

  messageLost(side: Side, type: number, progress: MessageProgress, frame: number): void {
    if (this.state !== 'open' || (type !== CLIENT_HELLO && type !== SERVER_HELLO)) return
    const tooLong = progress.length > MAX_MESSAGE_LENGTH
    if (progress.filled < MIN_CERTAIN_LENGTH && !tooLong) return
    const { draft } = this
    const from: Role = type === CLIENT_HELLO ? 'client' : 'server'
    draft.clientDirection ??= from === 'client' ? side.direction : opposite(side.direction)
    if (this.roleOf(side.direction) !== from || !draft.hasPlaceForCut(from)) return
    // Behind a ChangeCipherSpec it may be ciphertext by chance: a version has to be there, too.
    if (draft.changeCipherSpecFrame.of(from) !== null && (tooLong || progress.buffer[4] !== 3)) return
    draft.start ??= momentOf(progress)
    this.reportEarlyIncidents()
    draft.cutHello = readCutHello(type, progress)
    if (tooLong) draft.addIncident('message-too-long', from, frame, progress.length)
    this.takeEarlyAlerts(from)
  }

  alert(side: Side, level: number, description: number, frame: number): void {
    const { draft } = this
    if (this.state !== 'open') return
    if (draft.clientDirection === null) {
      this.keepEarlyAlert(side, level, description, frame)
      return
    }
    const from = this.roleOf(side.direction)
    // What does not acknowledge all before the ClientHello is of an earlier connection on the same addresses and ports.
    if (from === 'server' && !acknowledges(side.acknowledgment, draft.helloStart)) return
    // A fatal one decides, however many warnings came before.
    if (draft.alerts.length >= MAX_ALERTS && (level !== FATAL || draft.alerts.at(-1)?.level === FATAL)) {
      draft.addIncident('alerts-left-out', from, frame)
      return
    }
    const afterClose = this.stream.hasClosed(opposite(side.direction))
    draft.addAlert({ frame, from, level, description, afterClose })
    // An alert of the client may answer a ServerHello that is still to come, or is not in the capture.
    if (level === FATAL && draft.serverHello === null && draft.isCertain && this.isServer(side)) this.refuse()
  }

  /** A fatal alert of the server decides, once the hello is there that it acknowledges. */
  private refuse(): void {
    const { helloRetryRequest, secondClientHello, clientDirection } = this.draft
    const isAwaited = helloRetryRequest !== null && secondClientHello === null
    if (!isAwaited || this.stream.owed(clientDirection as Direction) === 0) this.decide(null)
  }

  /**
   * An alert may be captured before the hello that it answers: it belongs to one that it acknowledges. A server that
   * cannot read a ClientHello in several segments sends one after the first. Or it stands between the records of a
   * hello, and belongs to that.
   */
  private keepEarlyAlert(side: Side, level: number, description: number, frame: number): void {
    const peer = this.sides[opposite(side.direction)]
    const withinHello = side.deframer.unfinished !== null
    if (withinHello || peer.helloBegan || this.stream.owed(peer.direction) > 0) {
      this.earlyAlerts ??= new EarlyAlerts()
      this.earlyAlerts.keep({ side, level, description, frame, withinHello })
    } else if (!peer.hasBegun && (this.earlyAlerts?.isEmpty ?? true)) this.refute()
  }

  private takeEarlyAlerts(from: Role): void {
    if (this.earlyAlerts === null) return
    for (const { side, level, description, frame } of this.earlyAlerts.take(from, (side) => this.isServer(side)))
      this.alert(side, level, description, frame)
  }

  framingLost(side: Side, frame: number): void {
    if (this.draft.clientDirection !== null) this.draft.addIncident('not-a-record', this.roleOf(side.direction), frame)
  }

  notTls(side: Side, frame: number, bytes: number): void {
    if (this.draft.clientDirection !== null)
      this.draft.addIncident('not-tls', this.roleOf(side.direction), frame, bytes)
  }

  nothingBegan(): void {
    // Bytes of a handshake that are missing will be told of once one of its messages is read.
    if (!this.sides.some((side) => side.hasBegun || side.missingBeforeRole !== null)) this.refute()
  }

  preambleEnds(side: Side): void {
    // Segments with the beginning of the preamble alone carried no TLS, nor did what answered them.
    side.countAnew(1)
    const peer = this.sides[opposite(side.direction)]
    if (!peer.deframer.hasBegun) peer.countAnew(0)
  }

  sslv2ClientHello(side: Side, hello: ClientHello, start: Moment): void {
    this.clientHello(side, hello, start, SSLV2_RECORD_HEADER_LENGTH)
  }

  private clientHello(side: Side, hello: ClientHello, start: Moment, recordHeaderLength: number): void {
    let { draft } = this
    this.helloWeight += weightOf(hello)
    const bytesFromHello = hello.bytes + hello.records * recordHeaderLength + side.behindHello
    const helloStart = (side.helloEnd - hello.bytes - hello.records * recordHeaderLength) | 0
    const { clientHello } = draft
    if (clientHello !== null || draft.secondClientHello !== null) {
      if (draft.isSecondHello(side.direction, hello)) {
        draft.clientHello ??= draft.secondClientHello
        draft.takeSecondHello(hello)
        draft.lastHello = side.last
        draft.lastHelloEnd = side.helloEnd
        if (draft.alerts.some(({ from, level }) => from === 'server' && level === FATAL)) this.decide(null)
        return
      }
      this.startAnother(side, hello, bytesFromHello)
      draft = this.draft
    }
    // A ServerHello that answered an earlier connection on the same addresses and ports was captured before the hello.
    const answersEarlier = draft.serverHello !== null && !acknowledges(draft.serverHelloAcknowledges, helloStart)
    if (answersEarlier || (draft.clientDirection !== null && draft.clientDirection !== side.direction)) {
      this.startAnother(side, hello, bytesFromHello)
      draft = this.draft
    }
    draft.clientDirection = side.direction
    draft.lastHello = side.last
    draft.helloStart = helloStart
    draft.helloAcknowledges = side.acknowledgment
    draft.lastHelloEnd = side.helloEnd
    if (draft.start === null || isEarlier(start, draft.start)) draft.start = start
    this.reportEarlyIncidents()
    draft.takeClientHello(hello, side.changeCipherSpecBeforeRole)
    side.changeCipherSpecBeforeRole = null
    this.takeEarlyAlerts('client')
  }

  private serverHello(
    side: Side,
    type: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    place: MessagePlace,
    moment: Moment,
  ): void {
    const { draft } = this
    const hello = readServerHello(type, bytes, start, end, place)
    const isAnswer = acknowledges(side.acknowledgment, draft.helloStart)
    if (draft.clientDirection === side.direction || draft.serverHello !== null || !isAnswer) {
      draft.addIncident('unexpected-server-hello', this.roleOf(side.direction), place.frame)
      return
    }
    draft.clientDirection = opposite(side.direction)
    draft.start ??= moment
    this.reportEarlyIncidents()
    if (!hello.isHelloRetryRequest) this.takeServerHello(side, hello)
    else if (draft.helloRetryRequest === null) draft.takeRetry(hello, side.acknowledgment, side.helloEnd)
    else draft.addIncident('unexpected-server-hello', 'server', place.frame)
    this.takeEarlyAlerts('server')
  }

  private takeServerHello(side: Side, hello: ServerHello): void {
    const { draft, account } = this
    draft.serverHello = hello
    draft.serverHelloTime = side.last
    draft.serverHelloAcknowledges = side.acknowledgment
    draft.serverHelloEnd = side.helloEnd
    const { earlyDataFrame } = draft
    if (earlyDataFrame === null || isEarlyData(draft)) return
    draft.encryptedFrame.client = Math.max(earlyDataFrame, account.state === 'early' ? account.frame : 0)
    draft.earlyDataFrame = null
    if (account.state !== 'early') return
    this.sides[draft.clientDirection as Direction].encryptedRecordEnded = true
    account.state = 'closed'
  }

  /** A new handshake begins in the same stream: so many of the bytes that were counted are its own. */
  private startAnother(side: Side, hello: ClientHello, bytesFromHello: number): void {
    // A fatal alert in front of the hello, in the same segment, has decided the one before.
    if (this.state === 'open') this.decideBefore(side, hello, bytesFromHello)
    this.state = 'open'
    this.draft = new HandshakeDraft(this.identity, this.handshakes)
    this.account = new Account(this.draft)
    for (const each of this.sides) each.startAnother()
    side.segments = hello.segments
    side.bytes = bytesFromHello
  }

  private closeAccount(as: 'early' | 'closed', chunk: Chunk, end: number): void {
    const client = this.draft.clientDirection as Direction
    const server = opposite(client)
    const { sent, last } = this.sides[client]
    this.account.close(as, sent, this.sides[server].sent, last as Moment, chunk, end, this.stream.owed(server))
  }

  /** What looked like TLS is none; not so where a hello was read, whatever follows it. */
  private refute(): void {
    if (this.draft.isCertain) return
    this.state = this.handshakes > this.identity.earlierHandshakes ? 'finished' : 'refuted'
  }

  /** Ends the handshake that another one follows: the hello that begins that, and what is behind it, is no part of it. */
  private decideBefore(side: Side, hello: ClientHello, bytesFromHello: number): void {
    const peer = this.sides[opposite(side.direction)]
    // The beginning of the hello may have come before the handshake that ends, and was not counted for it.
    side.bytes = Math.max(0, side.bytes - bytesFromHello)
    // The hello may share its first segment with what came before.
    side.segments = Math.max(side.bytes > 0 ? 1 : 0, side.segments - hello.segments)
    const last = latest(this.draft.lastHello, peer.last)
    const seen = [this.stream.isSeen(0), this.stream.isSeen(1)] as const
    const owed = this.stream.owed(peer.direction)
    const unseen = peer.direction === 0 ? ([owed, 0] as const) : ([0, owed] as const)
    const captureTime = side.last as Moment
    this.decide({ end: 'next-handshake', seen, closed: [null, null], closedFirst: null, unseen, captureTime }, last)
  }

  private decide(facts: StreamFacts | null, last = latest(this.sides[0].last, this.sides[1].last)): void {
    const { draft } = this
    this.state = 'finished'
    this.handshakes++
    if (this.account.state !== 'closed') {
      const client = draft.clientDirection as Direction
      this.account.breakOff(this.sides[client].sent, this.sides[opposite(client)].sent, last)
    }
    draft.complete = this.account.isWhole && draft.clientHello !== null
    this.sink(draft.finish(facts))
  }

  /** Bytes were missing before it was known who is the client. */
  private reportEarlyIncidents(): void {
    for (const side of this.sides) {
      if (side.missingBeforeRole === null) continue
      for (const { code, frame, length } of side.missingBeforeRole)
        this.draft.addIncident(code, this.roleOf(side.direction), frame, length)
      side.missingBeforeRole = null
    }
  }

  private isServer(side: Side): boolean {
    return this.draft.clientDirection !== null && this.draft.clientDirection !== side.direction
  }

  private roleOf(direction: Direction): Role {
    return this.draft.clientDirection === direction ? 'client' : 'server'
  }
}
