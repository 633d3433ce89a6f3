import type { Moment } from '../bytes/time.js'
import type { Direction } from '../registry/direction.js'
import type { Role } from '../registry/types.js'
import { isTls13 } from '../registry/versions.js'
import type { StreamFacts, StreamIdentity } from '../stream/chunk.js'
import { acknowledges } from './acknowledged.js'
import { COOKIE } from './extension-types.js'
import type {
  ClearAlert,
  ClientHello,
  CutMessage,
  Handshake,
  Incident,
  IncidentCode,
  MessagePlace,
  Sent,
  ServerHello,
  ServerKeyExchange,
} from './handshake.js'
import { isSameClient } from './hello.js'

/** A frame of each side; null where there is none. By name and not by index: that is much faster where both are used. */
class FrameByRole {
  server: number | null = null
  client: number | null = null

  of(role: Role): number | null {
    return role === 'client' ? this.client : this.server
  }

  set(role: Role, frame: number): void {
    if (role === 'client') this.client = frame
    else this.server = frame
  }
}

/** A handshake as it is being followed. `Handshake` says what each field means. */
export class HandshakeDraft {
  readonly identity: StreamIdentity
  readonly index: number
  clientDirection: Direction | null = null
  start: Moment | null = null
  last: Moment | null = null
  clientHello: ClientHello | null = null
  helloRetryRequest: ServerHello | null = null
  secondClientHello: ClientHello | null = null
  serverHello: ServerHello | null = null
  serverHelloTime: Moment | null = null
  /** When the last ClientHello was complete, and the sequence number behind it. */
  lastHello: Moment | null = null
  lastHelloEnd: number | null = null
  /** Sequence number of the first byte of the first ClientHello, and what its end acknowledges. */
  helloStart: number | null = null
  helloAcknowledges: number | null = null
  /** What the HelloRetryRequest, and what the ServerHello acknowledges; and the sequence number behind that. */
  retryAcknowledges: number | null = null
  serverHelloAcknowledges: number | null = null
  serverHelloEnd: number | null = null
  certificate: MessagePlace | null = null
  serverKeyExchange: ServerKeyExchange | null = null
  cutHello: CutMessage | null = null
  alerts: readonly ClearAlert[] = NO_ALERTS
  readonly encryptedFrame = new FrameByRole()
  readonly changeCipherSpecFrame = new FrameByRole()
  clearRecordsAfterServerHello = 0
  clearAfterServerHello = false
  earlyDataFrame: number | null = null
  /** The frame in which that record begins, and what it acknowledges. */
  earlyDataBegins: number | null = null
  earlyDataAcknowledges: number | null = null
  serverWentOnFrame: number | null = null
  serverWholeUntilChangeCipherSpec = false
  /** Bytes that the server sent behind its ServerHello are not in the capture. */
  lacksBehindServerHello = false
  fullHandshake = false
  readonly sent: { client: Sent; server: Sent } = { client: NOTHING_SENT, server: NOTHING_SENT }
  complete = false
  incidents: readonly Incident[] = NO_INCIDENTS
  streamFacts: StreamFacts | null = null

  constructor(identity: StreamIdentity, index: number) {
    this.identity = identity
    this.index = index
  }

  /** Something of a handshake was read, so that it is worth reporting. */
  get isCertain(): boolean {
    return (
      this.clientHello !== null ||
      this.secondClientHello !== null ||
      this.helloRetryRequest !== null ||
      this.serverHello !== null ||
      this.cutHello !== null
    )
  }

  addIncident(code: IncidentCode, from: Role, frame: number, bytes = 0): void {
    const known = this.incidents.findIndex((incident) => incident.code === code && incident.from === from)
    const before = this.incidents[known]
    this.incidents =
      before === undefined
        ? [...this.incidents, { code, from, frame, bytes }]
        : this.incidents.with(known, { ...before, bytes: before.bytes + bytes })
  }

  addAlert(alert: ClearAlert): void {
    this.alerts = [...this.alerts, alert]
  }

  /** The server has sent something in the clear that TLS 1.3 encrypts, if that is what was agreed on. */
  noteClear(): void {
    if (this.serverHello !== null && isTls13(this.serverHello.version))
      this.clearAfterServerHello ||= this.encryptedFrame.server === null
  }

  /** Whether a hello is the one that a HelloRetryRequest asks for; it has the random of the first (RFC 9846 §4.2.2). */
  isSecondHello(direction: Direction, hello: ClientHello): boolean {
    const { clientHello, secondClientHello, helloRetryRequest, serverHello, clientDirection } = this
    if (clientDirection !== direction) return false
    // The HelloRetryRequest may have been captured before the hello that it answers: that was then taken for the second.
    if (secondClientHello !== null && clientHello !== null) return false
    const first = clientHello ?? (secondClientHello as ClientHello)
    // The ServerHello that answers it may have been captured before it.
    if (serverHello !== null) return helloRetryRequest !== null && isSameClient(first, hello)
    return (helloRetryRequest !== null && clientHello !== null) || isSameClient(first, hello)
  }

  /** Puts a ClientHello in its place, by what the client sent in front of it and by what is in it. */
  takeClientHello(hello: ClientHello, changeCipherSpecFrame: number | null): void {
    const { helloRetryRequest, retryAcknowledges } = this
    if (changeCipherSpecFrame !== null) this.changeCipherSpecFrame.client = changeCipherSpecFrame
    // It may have waited behind a gap until the ServerHello was there, or be the one that was answered, captured late.
    const isAnswered = retryAcknowledges !== null && acknowledges(retryAcknowledges, this.lastHelloEnd)
    const isAnswer = helloRetryRequest !== null && hello.frame > helloRetryRequest.frame && !isAnswered
    // No first hello has either (RFC 9846 §4.3.2, Appendix D.4), so one that has answers a HelloRetryRequest.
    if (isAnswer || changeCipherSpecFrame !== null || hello.extensions.includes(COOKIE)) this.takeSecondHello(hello)
    else this.clientHello = hello
  }

  /**
   * Takes a HelloRetryRequest, of which the end stands at a sequence number. A ClientHello that came before it and
   * acknowledges it is the one that answers it: it was captured early, and the first one is not there.
   */
  takeRetry(retry: ServerHello, acknowledgment: number | null, end: number): void {
    this.helloRetryRequest = retry
    this.retryAcknowledges = acknowledgment
    const { clientHello, helloAcknowledges } = this
    if (clientHello === null || helloAcknowledges === null || !acknowledges(helloAcknowledges, end)) return
    this.clientHello = null
    this.secondClientHello = clientHello
  }

  /** Takes the ClientHello that answers a HelloRetryRequest, also one that is not in the capture. */
  takeSecondHello(hello: ClientHello): void {
    this.secondClientHello = hello
    if (this.helloRetryRequest === null) this.addIncident('retry-not-seen', 'server', hello.frame)
  }

  /** Whether a hello of which a part is there would be one that this handshake still lacks. */
  hasPlaceForCut(from: Role): boolean {
    // Behind a HelloRetryRequest that is cut, the ServerHello may be cut as well: it is what would decide.
    if (this.cutHello !== null && this.cutHello.type !== 'hello-retry-request') return false
    return from === 'client' ? this.clientHello === null || this.helloRetryRequest !== null : this.serverHello === null
  }

  /** The handshake as it stands: this object itself, which must not be changed any more. The caller has seen to `isCertain`. */
  finish(streamFacts: StreamFacts | null): Handshake {
    this.streamFacts = streamFacts
    this.last ??= this.start
    // What a client of TLS 1.2 encrypts is no early data, also where the ServerHello is not in the capture.
    if (this.fullHandshake && (this.serverHello === null || !isTls13(this.serverHello.version)))
      this.earlyDataFrame = null
    return this as Handshake
  }
}

const NOTHING_SENT: Sent = { bytes: 0, segments: 0, packets: 0 }

/** Until the first one is added. */
const NO_INCIDENTS: readonly Incident[] = []
const NO_ALERTS: readonly ClearAlert[] = []
