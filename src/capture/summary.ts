import { isEarlier, MICROSECONDS, type Moment } from '../bytes/time.js'
import type { Packet } from './packet.js'

/** What is counted over the packets of a capture, whatever is in them. */
export class CaptureSummary {
  packets = 0
  /** Packets of which the capture holds fewer bytes than were on the wire. */
  truncatedPackets = 0
  /** Packets without a time (pcapng's Simple Packet Block has none). */
  untimedPackets = 0
  private readonly earliest = { seconds: 0, fraction: 0, clock: MICROSECONDS }
  private readonly latest = { seconds: 0, fraction: 0, clock: MICROSECONDS }
  private timed = false

  add(packet: Packet): void {
    this.packets++
    if (packet.end - packet.start < packet.originalLength) this.truncatedPackets++
    const { seconds } = packet
    if (seconds === 0 && packet.fraction === 0) this.untimedPackets++
    else if (!this.timed) {
      this.timed = true
      setMoment(this.earliest, packet)
      setMoment(this.latest, packet)
    } else if (seconds >= this.latest.seconds && isEarlier(this.latest, packet)) setMoment(this.latest, packet)
    else if (seconds <= this.earliest.seconds && isEarlier(packet, this.earliest)) setMoment(this.earliest, packet)
  }

  /** Time of the earliest packet; null where no packet has a time. */
  get firstTime(): Moment | null {
    return this.timed ? this.earliest : null
  }

  /** Time of the latest packet. */
  get lastTime(): Moment | null {
    return this.timed ? this.latest : null
  }
}

function setMoment(moment: { seconds: number; fraction: number; clock: Moment['clock'] }, packet: Packet): void {
  moment.seconds = packet.seconds
  moment.fraction = packet.fraction
  moment.clock = packet.clock
}
