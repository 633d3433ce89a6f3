import { join } from './bytes.js'
import { pcap } from './captures.js'
import * as tls from './tls.js'
import type { Besides, Variant } from './variants.js'
import { noise, type Original, rewritten, speak, type Turn } from './variants-original.js'

const HANDSHAKE = 22
const CHANGE_CIPHER_SPEC = 20
const CLIENT_HELLO = 1
const SERVER_HELLO = 2

/** What is said in other TLS records than it was. */
export function records(original: Original): Variant[] {
  return [...recordings(original), ...longHellos(original), ...largeRecords(original)]
}

/** One record as it stands on the wire; `clear` where it holds handshake messages that can be read. */
interface WireRecord {
  readonly type: number
  readonly version: number
  readonly content: Uint8Array
  readonly clear: boolean
}

type Rewrite = (record: WireRecord, turn: Turn) => Uint8Array

interface Recording {
  readonly rewrite: Rewrite
  readonly besides?: readonly Besides[]
}

const asIs: Rewrite = ({ type, version, content }) => tls.record(type, content, version)
const inRecords =
  (size: number, between: Uint8Array = new Uint8Array(0)): Rewrite =>
  ({ version, content }) => {
    const parts: Uint8Array[] = []
    for (let at = 0; at < content.length; at += size) {
      if (at > 0) parts.push(between)
      parts.push(tls.record(HANDSHAKE, content.slice(at, at + size), version))
    }
    return join(...parts)
  }

const warning = tls.alert(1, 112)

const RECORDINGS: Readonly<Record<string, Recording>> = {
  'records of 1 byte': { rewrite: inRecords(1) },
  'records of 2 bytes': { rewrite: inRecords(2) },
  'records of 3 bytes': { rewrite: inRecords(3) },
  'records of 4 bytes': { rewrite: inRecords(4) },
  'records of 5 bytes': { rewrite: inRecords(5) },
  'records of 16 bytes': { rewrite: inRecords(16) },
  'records of 512 bytes': { rewrite: inRecords(512) },
  'empty records between those of 100 bytes': { rewrite: inRecords(100, tls.record(HANDSHAKE, [])) },
  'an empty record behind each clear one': {
    rewrite: (record, turn) => join(asIs(record, turn), tls.record(HANDSHAKE, [], record.version)),
  },
  'warning alerts between records of 100 bytes': { rewrite: inRecords(100, warning), besides: ['alerts'] },
  'warning alerts between records of 1 byte': { rewrite: inRecords(1, warning), besides: ['alerts'] },
  'a warning alert behind each clear record': {
    rewrite: (record, turn) => join(asIs(record, turn), warning),
    besides: ['alerts'],
  },
}

function recordings(original: Original): Variant[] {
  return Object.entries(RECORDINGS).flatMap(([name, { rewrite, besides = [] }]) =>
    [1460, 37].map((segmentSize) => ({
      row: 'a ClientHello over many records, of 1 byte, empty ones and warning alerts in between',
      name: `${name}, in segments of ${segmentSize} bytes`,
      promised: 'unchanged',
      besides: ['clear-records', ...besides],
      make: () => {
        const clearOnly: Rewrite = (record, turn) => (record.clear ? rewrite(record, turn) : asIs(record, turn))
        return pcap(speak(rerecorded(original, clearOnly), { options: { segmentSize } }))
      },
    })),
  )
}

/** Lengths of a ClientHello with its header, and of the records that carry it. */
const HELLOS = [
  [4096, 1 << 14],
  [1 << 14, 1 << 14],
  [(1 << 14) + 1, 1 << 14],
  [20_000, 1 << 14],
  [60_000, 1 << 14],
  [60_000, 1000],
] as const

function longHellos(original: Original): Variant[] {
  return HELLOS.map(([length, recordLength]) => ({
    row: 'a ClientHello of up to 60,000 bytes',
    name: `a ClientHello of ${length} bytes in records of ${recordLength}`,
    promised: 'unchanged',
    besides: ['padding', 'clear-records'],
    make: () => pcap(speak(rerecorded(original, padded(length, recordLength)))),
  }))
}

/** The first ClientHello with a padding extension (RFC 7685) in front of the others, up to so many bytes. */
function padded(length: number, recordLength: number): Rewrite {
  return (record, turn) => {
    if (!record.clear || turn.from !== 'client' || record.content[0] !== CLIENT_HELLO) return asIs(record, turn)
    return tls.handshakeRecords(paddedHello(record.content, length), recordLength, record.version)
  }
}

function paddedHello(hello: Uint8Array, length: number): Uint8Array {
  // Header 4, version 2, random 32; then three vectors up to the extensions.
  let at = 38
  at += 1 + (hello[at] as number)
  at += 2 + (hello[at] as number) * 256 + (hello[at + 1] as number)
  at += 1 + (hello[at] as number)
  const extensions = hello.slice(at + 2)
  const padding = tls.extension(21, new Uint8Array(length - hello.length - 4))
  return tls.handshakeMessage(CLIENT_HELLO, join(hello.slice(4, at), tls.vector(2, padding, extensions)))
}

function largeRecords(original: Original): Variant[] {
  const row = 'records of 2^14 bytes, and of more than are allowed'
  const behind = (length: number): Rewrite => {
    return (record, turn) => join(asIs(record, turn), isLast(record) ? tls.record(23, noise(length)) : [])
  }
  const encrypted = [1 << 14, (1 << 14) + 1, (1 << 14) + 256, (1 << 14) + 2048].map(
    (length): Variant => ({
      row,
      name: `encrypted records of ${length} bytes behind the others`,
      promised: 'unchanged',
      make: () => pcap(speak(rerecorded(original, behind(length)))),
    }),
  )
  const tooLong = [(1 << 14) + 2049, 0xffff].map(
    (length): Variant => ({
      row,
      name: `encrypted records of ${length} bytes behind the others`,
      promised: 'degraded',
      make: () => pcap(speak(rerecorded(original, behind(length)))),
    }),
  )
  const hello = [(1 << 14) + 1, (1 << 14) + 2048, 60_000].map(
    (length): Variant => ({
      row,
      name: `a ClientHello in one record of ${length} bytes`,
      promised: length <= (1 << 14) + 2048 ? 'unchanged' : 'degraded',
      besides: ['padding', 'clear-records'],
      make: () => pcap(speak(rerecorded(original, padded(length, 0xffff)))),
    }),
  )
  return [...encrypted, ...tooLong, ...hello]
}

function isLast({ type, clear }: WireRecord): boolean {
  return type === 23 || (type === HANDSHAKE && !clear)
}

/** What is said with each TLS record rewritten; bytes that are no whole record stay as they are. */
function rerecorded(original: Original, rewrite: Rewrite): Pick<Original, 'dialogues'> {
  return rewritten(original, () => {
    const changed: Partial<Record<Turn['from'], boolean>> = {}
    return (turn) => {
      const { bytes, from } = turn
      const parts: Uint8Array[] = []
      let at = 0
      while (at + 5 <= bytes.length) {
        const end = at + 5 + (bytes[at + 3] as number) * 256 + (bytes[at + 4] as number)
        if (end > bytes.length) break
        const type = bytes[at] as number
        const content = bytes.slice(at + 5, end)
        const version = (bytes[at + 1] as number) * 256 + (bytes[at + 2] as number)
        const isHello = content[0] === CLIENT_HELLO || content[0] === SERVER_HELLO
        const clear = type === HANDSHAKE && (isHello || changed[from] !== true)
        parts.push(rewrite({ type, version, content, clear }, turn))
        if (type === CHANGE_CIPHER_SPEC) changed[from] = true
        at = end
      }
      return join(...parts, bytes.slice(at))
    }
  })
}
