import { join } from '../test/support/bytes.js'

/**
 * A packet record or a block of a capture file, by offsets: the whole in `start..end`, packet bytes in
 * `dataStart..dataEnd` (empty for a block that has none).
 */
export interface Unit {
  readonly start: number
  readonly end: number
  readonly dataStart: number
  readonly dataEnd: number
  readonly kind: 'record' | 'block'
  readonly blockType: number
  readonly little: boolean
}

/** Offset of the captured length and of the original length behind the start of a block, and of its packet bytes. */
const PACKET_BLOCKS: Readonly<Record<number, { readonly captured: number; readonly data: number }>> = {
  2: { captured: 20, data: 28 },
  3: { captured: 8, data: 12 },
  6: { captured: 20, data: 28 },
}
const SECTION_HEADER = 0x0a0d0d0a
const FILE_HEADER_LENGTH = 24

/** The parts of a capture file as far as they can be followed; none where the bytes are no capture. */
export function unitsOf(bytes: Uint8Array): Unit[] {
  const magic = wordAt(bytes, 0, false)
  if (magic === SECTION_HEADER) return blocksOf(bytes)
  const swapped = wordAt(bytes, 0, true)
  for (const [word, little] of [
    [magic, false],
    [swapped, true],
  ] as const) {
    if (word === 0xa1b2c3d4 || word === 0xa1b23c4d) return recordsOf(bytes, 16, little)
    if (word === 0xa1b2cd34) return recordsOf(bytes, 24, little)
  }
  return []
}

function recordsOf(bytes: Uint8Array, headerLength: number, little: boolean): Unit[] {
  const units: Unit[] = []
  for (let at = FILE_HEADER_LENGTH; at + headerLength <= bytes.length; ) {
    const dataStart = at + headerLength
    const end = dataStart + wordAt(bytes, at + 8, little)
    if (end > bytes.length) break
    units.push({ start: at, end, dataStart, dataEnd: end, kind: 'record', blockType: 0, little })
    at = end
  }
  return units
}

function blocksOf(bytes: Uint8Array): Unit[] {
  const units: Unit[] = []
  let little = false
  for (let start = 0; start + 12 <= bytes.length; ) {
    if (wordAt(bytes, start, false) === SECTION_HEADER) little = wordAt(bytes, start + 8, true) === 0x1a2b3c4d
    const blockType = wordAt(bytes, start, little)
    const length = wordAt(bytes, start + 4, little)
    const end = start + length
    if (length < 12 || length % 4 !== 0 || end > bytes.length) break
    const layout = PACKET_BLOCKS[blockType]
    const dataStart = layout === undefined ? end - 4 : Math.min(start + layout.data, end - 4)
    const captured = layout === undefined ? 0 : wordAt(bytes, start + layout.captured, little)
    const dataEnd = Math.min(dataStart + captured, end - 4)
    units.push({ start, end, dataStart, dataEnd, kind: 'block', blockType, little })
    start = end
  }
  return units
}

/** The units that hold packets. */
export function packetUnits(units: readonly Unit[]): Unit[] {
  return units.filter(({ dataStart, dataEnd }) => dataEnd > dataStart)
}

/** The file with other packet bytes in a unit, its lengths made to fit. */
export function withData(bytes: Uint8Array, unit: Unit, data: Uint8Array): Uint8Array {
  const head = bytes.slice(unit.start, unit.dataStart)
  const rest = bytes.subarray(unit.end)
  const before = bytes.subarray(0, unit.start)
  if (unit.kind === 'record') {
    setWord(head, 8, data.length, unit.little)
    setWord(head, 12, data.length, unit.little)
    return join(before, head, data, rest)
  }
  const layout = PACKET_BLOCKS[unit.blockType]
  if (layout === undefined) return bytes
  const padding = new Uint8Array(-data.length & 3)
  const options = bytes.subarray(
    Math.min(unit.dataEnd + (-(unit.dataEnd - unit.dataStart) & 3), unit.end - 4),
    unit.end - 4,
  )
  const length = head.length + data.length + padding.length + options.length + 4
  setWord(head, 4, length, unit.little)
  setWord(head, layout.captured, data.length, unit.little)
  if (unit.blockType !== 3) setWord(head, layout.captured + 4, data.length, unit.little)
  const trailer = new Uint8Array(4)
  setWord(trailer, 0, length, unit.little)
  return join(before, head, data, padding, options, trailer, rest)
}

/** A 32-bit word; 0 behind the end. */
export function wordAt(bytes: Uint8Array, at: number, little: boolean): number {
  let word = 0
  for (let i = 0; i < 4; i++) word = word * 256 + (bytes[little ? at + 3 - i : at + i] ?? 0)
  return word
}

function setWord(bytes: Uint8Array, at: number, value: number, little: boolean): void {
  for (let i = 0; i < 4; i++) bytes[little ? at + i : at + 3 - i] = value >>> (8 * i)
}
