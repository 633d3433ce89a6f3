import { type Clock, MICROSECONDS, NANOSECONDS } from '../bytes/time.js'
import type { Packet } from './packet.js'

/** pcapng's if_tsresol (draft-ietf-opsawg-pcapng §4.2): bit 7 tells powers of 2 from powers of 10. */
export function clockOfResolution(resolution: number): Clock {
  if (resolution === 6) return MICROSECONDS
  if (resolution === 9) return NANOSECONDS
  const exponent = resolution & 0x7f
  if ((resolution & 0x80) === 0) return { unitsPerSecond: 10 ** exponent, digits: exponent }
  return { unitsPerSecond: 2 ** exponent, digits: Math.min(exponent, 9) }
}

/**
 * Sets the packet's time from a 64-bit count of its clock's units. Exact for resolutions of up to 2^53 units a second;
 * a finer fraction is rounded to 53 bits.
 */
export function setTime(packet: Packet, high: number, low: number): void {
  const units = packet.clock.unitsPerSecond
  if (units > 2 ** 36) {
    const total = (BigInt(high) << 32n) | BigInt(low)
    packet.seconds = Number(total / BigInt(units))
    packet.fraction = Number(total % BigInt(units))
    return
  }
  // Long division by 16 bits at a time: no intermediate reaches 2^53.
  const upper = high * 0x10000 + (low >>> 16)
  const upperSeconds = Math.floor(upper / units)
  const lower = (upper - upperSeconds * units) * 0x10000 + (low & 0xffff)
  const lowerSeconds = Math.floor(lower / units)
  packet.seconds = upperSeconds * 0x10000 + lowerSeconds
  packet.fraction = lower - lowerSeconds * units
}
