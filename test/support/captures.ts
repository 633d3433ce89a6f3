import { big, join, little } from './bytes.js'

export type ByteOrder = 'big' | 'little'

/** A packet as a capture holds it. */
export interface CapturedPacket {
  readonly bytes: Uint8Array
  /** Nanoseconds since 1970; 0 where left out. */
  readonly time?: bigint
  /** Length on the wire; that of `bytes` where left out. */
  readonly originalLength?: number
}

export interface PcapOptions {
  readonly byteOrder?: ByteOrder
  readonly nanoseconds?: boolean
  /** The link type word, with the FCS bits where a test wants them. Ethernet where left out. */
  readonly linkType?: number
  readonly snapLength?: number
  readonly version?: readonly [major: number, minor: number]
  /** Kuznetzov's format, magic a1b2cd34: 8 more bytes in each record header. */
  readonly modified?: boolean
  /** Original length before captured length, as tcpdump of version 2.3 files and older wrote them. */
  readonly swappedLengths?: boolean
}

type Writer = (value: number | bigint, size: number) => Uint8Array

const writers: Record<ByteOrder, Writer> = { big, little }

/** A classic pcap file, draft-ietf-opsawg-pcap. Packets longer than the snap length are cut. */
export function pcap(packets: readonly (CapturedPacket | Uint8Array)[], options: PcapOptions = {}): Uint8Array {
  const write = writers[options.byteOrder ?? 'little']
  const snapLength = options.snapLength ?? 262144
  const [major, minor] = options.version ?? [2, 4]
  const magic = options.modified ? 0xa1b2cd34 : options.nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4
  const fraction = options.nanoseconds ? 1n : 1000n
  const header = join(
    write(magic, 4),
    write(major, 2),
    write(minor, 2),
    write(0, 4),
    write(0, 4),
    write(snapLength, 4),
    write(options.linkType ?? 1, 4),
  )
  const records = packets.map((given) => {
    const { time, originalLength, captured } = cut(given, snapLength)
    return join(
      write(time / 1_000_000_000n, 4),
      write((time % 1_000_000_000n) / fraction, 4),
      write(options.swappedLengths ? originalLength : captured.length, 4),
      write(options.swappedLengths ? captured.length : originalLength, 4),
      options.modified ? join(write(1, 4), write(0, 2), [0, 0]) : [],
      captured,
    )
  })
  return join(header, ...records)
}

/** One pcapng block, written in the byte order of its section. */
export type Block = (write: Writer, byteOrder: ByteOrder) => Uint8Array

/** A pcapng option: its code and value; strings are UTF-8. `integer` values follow the byte order of the section. */
export interface BlockOption {
  readonly code: number
  readonly value: Uint8Array | string | { readonly integer: number | bigint; readonly size: number }
}

/** Blocks of one pcapng section after each other; `join` two of these for a file of two sections. */
export function pcapng(blocks: readonly Block[], byteOrder: ByteOrder = 'little'): Uint8Array {
  return join(...blocks.map((block) => block(writers[byteOrder], byteOrder)))
}

/** A whole file: one section, one interface, one Enhanced Packet Block a packet, times in microseconds. */
export function simplePcapng(
  packets: readonly (CapturedPacket | Uint8Array)[],
  options: { readonly byteOrder?: ByteOrder; readonly linkType?: number } = {},
): Uint8Array {
  const blocks = packets.map((given) => {
    const { bytes, time = 0n, originalLength = bytes.length } = given instanceof Uint8Array ? { bytes: given } : given
    return enhancedPacket({ bytes, ticks: time / 1000n, originalLength })
  })
  const linkType = options.linkType ?? 1
  return pcapng([sectionHeader(), interfaceDescription({ linkType }), ...blocks], options.byteOrder)
}

/** A block of any type, its body padded to 32 bits, its length at both ends. */
export function block(type: number, body: Uint8Array | ((write: Writer) => Uint8Array)): Block {
  return (write) => {
    const content = padded(typeof body === 'function' ? body(write) : body)
    return join(write(type, 4), write(content.length + 12, 4), content, write(content.length + 12, 4))
  }
}

/** Section Header Block. `sectionLength` -1 is "not given". */
export function sectionHeader(
  given: {
    readonly sectionLength?: bigint
    readonly version?: readonly [number, number]
    readonly options?: readonly BlockOption[]
  } = {},
): Block {
  const [major, minor] = given.version ?? [1, 0]
  return block(0x0a0d0d0a, (write) =>
    join(
      write(0x1a2b3c4d, 4),
      write(major, 2),
      write(minor, 2),
      write(BigInt.asUintN(64, given.sectionLength ?? -1n), 8),
      blockOptions(write, given.options ?? []),
    ),
  )
}

/** Interface Description Block. The named options come before `options`. */
export function interfaceDescription(
  given: {
    readonly linkType?: number
    readonly snapLength?: number
    /** if_name, code 2. */
    readonly name?: string
    /** if_tsresol, code 9: a power of 10, or of 2 with the top bit set. */
    readonly timestampResolution?: number
    /** if_tsoffset, code 14: seconds added to each timestamp. */
    readonly timestampOffset?: bigint
    readonly options?: readonly BlockOption[]
  } = {},
): Block {
  const options: BlockOption[] = []
  if (given.name !== undefined) options.push({ code: 2, value: given.name })
  if (given.timestampResolution !== undefined) {
    options.push({ code: 9, value: Uint8Array.of(given.timestampResolution) })
  }
  if (given.timestampOffset !== undefined) {
    options.push({ code: 14, value: { integer: BigInt.asUintN(64, given.timestampOffset), size: 8 } })
  }
  options.push(...(given.options ?? []))
  return block(1, (write) =>
    join(write(given.linkType ?? 1, 2), write(0, 2), write(given.snapLength ?? 0, 4), blockOptions(write, options)),
  )
}

interface PacketBlock {
  readonly bytes: Uint8Array
  readonly originalLength?: number
  readonly interfaceId?: number
  /** The timestamp in units of the interface's resolution. */
  readonly ticks?: bigint
  readonly options?: readonly BlockOption[]
}

/** Enhanced Packet Block. */
export function enhancedPacket(given: PacketBlock): Block {
  const ticks = given.ticks ?? 0n
  return block(6, (write) =>
    join(
      write(given.interfaceId ?? 0, 4),
      write(ticks >> 32n, 4),
      write(ticks & 0xffffffffn, 4),
      write(given.bytes.length, 4),
      write(given.originalLength ?? given.bytes.length, 4),
      padded(given.bytes),
      blockOptions(write, given.options ?? []),
    ),
  )
}

/** Simple Packet Block: no interface, no time; `bytes` are what the snap length of interface 0 left. */
export function simplePacket(bytes: Uint8Array, originalLength = bytes.length): Block {
  return block(3, (write) => join(write(originalLength, 4), bytes))
}

/** The obsolete Packet Block, with a 16-bit interface and a count of drops. */
export function obsoletePacket(given: PacketBlock & { readonly drops?: number }): Block {
  const ticks = given.ticks ?? 0n
  return block(2, (write) =>
    join(
      write(given.interfaceId ?? 0, 2),
      write(given.drops ?? 0xffff, 2),
      write(ticks >> 32n, 4),
      write(ticks & 0xffffffffn, 4),
      write(given.bytes.length, 4),
      write(given.originalLength ?? given.bytes.length, 4),
      padded(given.bytes),
      blockOptions(write, given.options ?? []),
    ),
  )
}

/** Name Resolution Block with one nrb_record_ipv4. */
export function nameResolution(address: readonly number[], name: string): Block {
  return block(4, (write) => {
    const value = join(address, new TextEncoder().encode(`${name}\0`))
    return join(write(1, 2), write(value.length, 2), padded(value), write(0, 2), write(0, 2))
  })
}

/** Interface Statistics Block with isb_ifrecv and isb_ifdrop. */
export function interfaceStatistics(interfaceId = 0, received = 0n, dropped = 0n): Block {
  const options: BlockOption[] = [
    { code: 4, value: { integer: received, size: 8 } },
    { code: 5, value: { integer: dropped, size: 8 } },
  ]
  return block(5, (write) => join(write(interfaceId, 4), write(0, 8), blockOptions(write, options)))
}

/** Decryption Secrets Block with a TLS key log. */
export function decryptionSecrets(keyLog: string): Block {
  return block(0x0a, (write) => {
    const secrets = new TextEncoder().encode(keyLog)
    return join(write(0x544c534b, 4), write(secrets.length, 4), padded(secrets))
  })
}

/** Custom Block, type 0xbad (may be copied) or 0x40000bad (may not). */
export function customBlock(enterprise: number, content: Uint8Array, copy = true): Block {
  return block(copy ? 0x0bad : 0x40000bad, (write) => join(write(enterprise, 4), content))
}

/** Options with their padding, ended by opt_endofopt; nothing at all for an empty list. */
export function blockOptions(write: Writer, options: readonly BlockOption[]): Uint8Array {
  if (options.length === 0) return new Uint8Array(0)
  const written = options.map(({ code, value }) => {
    const content =
      typeof value === 'string'
        ? new TextEncoder().encode(value)
        : value instanceof Uint8Array
          ? value
          : write(value.integer, value.size)
    return join(write(code, 2), write(content.length, 2), padded(content))
  })
  return join(...written, write(0, 4))
}

function padded(bytes: Uint8Array): Uint8Array {
  return join(bytes, new Uint8Array(-bytes.length & 3))
}

function cut(given: CapturedPacket | Uint8Array, snapLength: number) {
  const { bytes, time = 0n, originalLength = bytes.length } = given instanceof Uint8Array ? { bytes: given } : given
  return { time, originalLength, captured: bytes.subarray(0, snapLength) }
}
