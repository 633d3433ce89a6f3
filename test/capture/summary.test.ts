import { describe, expect, it } from 'vitest'
import { MICROSECONDS, NANOSECONDS } from '../../src/bytes/time.js'
import { emptyPacket, type Packet } from '../../src/capture/packet.js'
import { CaptureSummary } from '../../src/capture/summary.js'

function packet(fields: Partial<Packet>): Packet {
  return { ...emptyPacket(), ...fields }
}

describe('CaptureSummary', () => {
  it('has no times before the first packet', () => {
    const summary = new CaptureSummary()
    expect([summary.packets, summary.firstTime, summary.lastTime]).toEqual([0, null, null])
  })

  it('counts packets, those cut by the snap length, and those without a time', () => {
    const summary = new CaptureSummary()
    summary.add(packet({ end: 60, originalLength: 60, seconds: 1 }))
    summary.add(packet({ start: 10, end: 60, originalLength: 60, seconds: 1 }))
    summary.add(packet({ end: 60, originalLength: 60 }))
    expect(summary).toMatchObject({ packets: 3, truncatedPackets: 1, untimedPackets: 1 })
    // A clock that begins with its machine.
    summary.add(packet({ end: 60, originalLength: 60, fraction: 1 }))
    expect(summary).toMatchObject({ packets: 4, untimedPackets: 1, firstTime: { seconds: 0, fraction: 1 } })
  })

  it('finds the earliest and the latest time in any order and over clocks', () => {
    const summary = new CaptureSummary()
    summary.add(packet({ seconds: 10, fraction: 500_000, clock: MICROSECONDS }))
    summary.add(packet({ seconds: 10, fraction: 400_000_000, clock: NANOSECONDS }))
    summary.add(packet({ seconds: 10, fraction: 600_000_000, clock: NANOSECONDS }))
    summary.add(packet({ seconds: 10, fraction: 450_000, clock: MICROSECONDS }))
    expect(summary.firstTime).toEqual({ seconds: 10, fraction: 400_000_000, clock: NANOSECONDS })
    expect(summary.lastTime).toEqual({ seconds: 10, fraction: 600_000_000, clock: NANOSECONDS })
  })

  it('does not hold on to the packet, which is reused', () => {
    const summary = new CaptureSummary()
    const reused = packet({ seconds: 5 })
    summary.add(reused)
    reused.seconds = 7
    expect(summary.firstTime?.seconds).toBe(5)
  })
})
