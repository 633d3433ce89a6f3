import { readdirSync, readFileSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { pcap, simplePcapng } from '../test/support/captures.js'
import { handshakes } from '../test/support/handshakes.js'
import { everyKindOfBlock } from '../test/support/pcapng-kinds.js'
import { streams } from '../test/support/streams.js'
import { tcpPackets } from '../test/support/tcp-packets.js'
import { unitsOf } from './container.js'

/** Longer captures are cut behind a packet: a short one is run more often. */
const MAX_SEED_LENGTH = 32 * 1024

/** Captures to begin with: the samples, and what the builders of the tests make. None is compressed. */
export function seedCaptures(samples: string): Uint8Array[] {
  const files = readdirSync(samples, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.pcap(ng)?(\.gz)?$/.test(name),
  )
  const real = files.sort().map((name) => {
    const bytes = readFileSync(joinPath(samples, name))
    return shortened(name.endsWith('.gz') ? gunzipSync(bytes) : bytes)
  })
  const linkTypes = new Map<number, Uint8Array[]>()
  for (const { linkType, bytes } of tcpPackets) linkTypes.set(linkType, [...(linkTypes.get(linkType) ?? []), bytes])
  return [
    ...real,
    ...Object.values(handshakes).map((make) => shortened(pcap(make()))),
    ...Object.values(streams).map((make) => pcap(make(), { nanoseconds: true, byteOrder: 'big' })),
    ...Object.values(streams)
      .slice(0, 8)
      .map((make) => simplePcapng(make())),
    ...[...linkTypes].map(([linkType, packets]) => pcap(packets, { linkType })),
    everyKindOfBlock('big').bytes,
    everyKindOfBlock('little').bytes,
  ].map((bytes) => Uint8Array.from(bytes))
}

function shortened(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= MAX_SEED_LENGTH) return bytes
  const last = unitsOf(bytes).findLast(({ end }) => end <= MAX_SEED_LENGTH)
  return bytes.slice(0, last?.end ?? MAX_SEED_LENGTH)
}
